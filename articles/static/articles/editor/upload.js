// Uploads to the photo desk, one file per request, so that a broken one never stops the others.

import { answer, csrfToken, reach } from "marquee/dom"
import { together } from "marquee/photos"

const ADDRESS = "/admin/media/photo/upload/"

export const imagesOf = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"))

// Returns the ids of what arrived; `report(file, sentence)` hears of each one's progress.
export async function upload(files, report = () => {}) {
  const arrived = []
  const group = new Set()
  for (const file of files) {
    report(file, "is uploading…")
    try {
      const { id, note } = await send(file)
      arrived.push(id)
      together(group, id)
      report(file, note)
    } catch (error) {
      report(file, error.message)
    }
  }
  return [...new Set(arrived)]
}

// Sends one file; returns the photo's `id` and a `note` to the writer, or throws the sentence that says why it was refused.
export async function send(file) {
  const form = new FormData()
  form.append("file", file, file.name)
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" }
  const response = await reach(ADDRESS, { method: "POST", body: form, headers })
  if (response.redirected) throw new Error("Your login has expired. Log in again in another tab, then try again.")
  const here = response.status === 409 && (await response.clone().json().catch(() => ({}))).existing
  // A picture that is here already is the one that was meant.
  return here ? { id: here.id, note: "is here already, so that one is shown." } : { note: "", ...(await answer(response)) }
}
