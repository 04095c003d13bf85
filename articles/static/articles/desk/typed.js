// What is typed, and which of it the server has: what was sent counts, not what stands in the form when the answer comes.

import { form, tell } from "marquee/desk/page";

const NOT_TYPED = new Set(["csrfmiddlewaretoken", "form_key", "based_on", "story_id", "save_key", "restored"]);
// Half of a letter, as a cut emoji leaves it, cannot be stored.
const HALF = /\p{Surrogate}/gu;

// As JSON: what the working copy is, and what is kept of it, saved or not.
export const marks = { saved: "", kept: "" };

// One value for each field, a list for a box of several. The editor writes its text into its field first.
export function typed() {
  tell("flush");
  const fields = {};
  for (const element of form.elements) {
    if (!element.name || element.type === "submit" || NOT_TYPED.has(element.name)) continue;
    if (element.type === "checkbox") { if (element.checked) fields[element.name] = "on"; continue; }
    fields[element.name] = element.multiple ? [...element.selectedOptions].map((option) => option.value) : element.value.replace(HALF, "\ufffd");
  }
  return fields;
}

export const asText = (fields = typed()) => JSON.stringify(fields);

export const isDirty = () => asText() !== marks.saved;

// A story begins with words or a picture; what the page fills in by itself begins none.
export function hasWords(fields) {
  const body = fields.body ?? "";
  return [fields.headline, fields.standfirst, body.replace(/<[^>]*>/g, "")].some((text) => /[\p{L}\p{N}]/u.test(text ?? "")) || /data-(photo|embed)=/.test(body);
}
