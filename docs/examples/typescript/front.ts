// A front end in miniature: every request it makes is checked against the types that the API's own schema gives.
// `npm run start -- http://127.0.0.1:8000` prints what it read; with TOKEN in the environment it also writes a story.

import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";
import loader, { source } from "./loader.js";
import { chosen } from "./partial.js";

type Schemas = components["schemas"];
type Article = Schemas["Article"];
type Block = Schemas["Block"];
type Photo = Schemas["Photo"];
type Problem = Schemas["Problem"];

const HOST = process.argv[2] ?? "http://127.0.0.1:8000";
const client = createClient<paths>({ baseUrl: HOST });

/** What the API refused, and why, in its own words. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

/** The data of an answer, or its problem thrown. */
function given<Data>(answer: { data?: Data; error?: Problem }): Data {
  if (answer.data !== undefined) return answer.data;
  if (answer.error) throw new Refused(answer.error);
  throw new Error("The answer was empty.");
}

/** Every card of a list, page by page, until nothing follows. */
async function* cards(query: NonNullable<paths["/api/v1/articles/"]["get"]["parameters"]["query"]>) {
  let cursor: string | undefined;
  do {
    const page = given(await client.GET("/api/v1/articles/", { params: { query: { ...query, cursor } } }));
    yield* page.results;
    cursor = page.next === null ? undefined : (new URL(page.next, HOST).searchParams.get("cursor") ?? undefined);
  } while (cursor);
}

/** A photo as a page shows it: never without its credit. */
function figure(photo: Photo): string {
  if (!photo.image) return "";
  const alt = photo.decorative ? "" : photo.alt;
  const credit = photo.credit ? `<small>${escaped(photo.credit.line)}</small>` : "";
  return `<figure><img src="${escaped(loader({ src: source(photo.image), width: 960 }))}" alt="${escaped(alt)}" width="${photo.image.width}" height="${photo.image.height}"><figcaption>${photo.caption_html} ${credit}</figcaption></figure>`;
}

const KNOWN: Record<Block["type"], true> = {
  paragraph: true, heading: true, quote: true, pull_quote: true, list: true, photo: true, gallery: true, embed: true,
  divider: true, notice: true,
};

/** Whether this is a block of the types we were written for. A newer server may send others: leave them out. */
function isKnown(block: Article["body"][number]): block is Block {
  return Object.hasOwn(KNOWN, block.type);
}

/** One block as HTML. The compiler knows every type. */
function html(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return `<p>${block.html}</p>`;
    case "heading":
      return `<h${block.level} id="${block.id}">${block.html}</h${block.level}>`;
    case "list":
      return list(block.ordered, block.items);
    case "quote":
    case "pull_quote":
      return `<blockquote>${block.html}${block.cite ? `<cite>${escaped(block.cite)}</cite>` : ""}</blockquote>`;
    case "photo":
      return figure(block);
    case "gallery":
      return `<section>${block.photos.map(figure).join("")}</section>`;
    case "embed":
      return `<p><a href="${escaped(block.url)}">${escaped(block.fallback_text)}</a></p>`;
    case "divider":
      return "<hr>";
    case "notice":
      return `<p>${escaped(block.text)}</p>`;
    default:
      return unknown(block);
  }
}

/** Compiles only while the switch above knows every type of the schema. */
function unknown(_: never): string {
  return "";
}

function list(ordered: boolean, items: readonly Schemas["ListItem"][]): string {
  const name = ordered ? "ol" : "ul";
  const lines = items.map((item) => `<li>${item.html}${item.items.length ? list(item.ordered, item.items) : ""}</li>`);
  return `<${name}>${lines.join("")}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** The whole page of an article. */
function page(article: Article): string {
  const lead = article.lead ? figure(article.lead) : "";
  const corrections = article.corrections.map((row) => `<p>${escaped(row.text)}</p>`);
  return [`<h1>${escaped(article.headline)}</h1>`, lead, ...article.body.filter(isKnown).map(html), ...corrections].join("\n");
}

async function article(slug: string, known?: string) {
  const headers = known ? { "If-None-Match": known } : {};
  return client.GET("/api/v1/articles/{slug}/", { params: { path: { slug } }, headers });
}

/** What a client does with a wrong parameter: the API names it, its value and what is allowed. */
async function refusal(): Promise<Schemas["Error"] | undefined> {
  // @ts-expect-error The schema knows no such kind, so this would not compile.
  const answer = await client.GET("/api/v1/articles/", { params: { query: { kind: ["novel"] } } });
  return answer.error?.errors?.[0];
}

/** Write a story as a feed does, change it without losing anybody's work, and put it before readers. */
async function write(token: string): Promise<Article> {
  const headers = { Authorization: `Bearer ${token}` };
  const draft: Schemas["DraftRequest"] = {
    headline: "A wire story",
    section: "film",
    authors: [{ slug: "june-castellane" }],
    body: [
      { type: "paragraph", html: "It opens on <strong>Friday</strong>." },
      { type: "heading", level: 2, html: "And then" },
    ],
  };
  const key = { "Idempotency-Key": "typescript-example-1" };
  const made = await client.POST("/api/v1/drafts/", { body: draft, headers, params: { header: key } });
  const { id } = given(made);
  const match = { "If-Match": made.response.headers.get("ETag") ?? "*" };
  const changed = await client.PATCH("/api/v1/drafts/{id}/", {
    body: { label: "Exclusive" },
    headers,
    params: { path: { id }, header: match },
  });
  const { slug } = given(changed);
  given(await client.POST("/api/v1/drafts/{id}/publish/", { body: {}, headers, params: { path: { id } } }));
  return given(await article(slug ?? ""));
}

async function main() {
  const listed = [];
  for await (const card of cards({ section: ["film"], page_size: 2 })) listed.push(card);
  const first = listed[0];
  if (!first) throw new Error("The section “film” is empty.");
  const whole = await article(first.slug);
  const read = given(whole);
  const again = await article(first.slug, whole.response.headers.get("ETag") ?? "");
  const person = read.people[0];
  const found = given(await client.GET("/api/v1/search/", { params: { query: { q: first.headline } } }));
  const missing = await client.GET("/api/v1/articles/{slug}/", { params: { path: { slug: "there-is-no-such-story" } } });
  const report = {
    listed: listed.map((card) => card.slug),
    page: page(read),
    second_time: again.response.status,
    photos_of_person: person
      ? given(await client.GET("/api/v1/people/{slug}/", { params: { path: { slug: person.slug } } })).photos.length
      : 0,
    found: found.results.map((hit) => hit.highlight.headline_html),
    resolved: given(await client.GET("/api/v1/resolve/", { params: { query: { path: read.path } } })).type,
    updates: given(await client.GET("/api/v1/updates/", { params: { query: { since: "2020-01-01" } } })).results.length,
    headlines: (await chosen(HOST, "headline", "path")).map(({ headline }) => headline),
    missing: missing.error?.status,
    refusal: await refusal(),
    picture: read.lead?.image ? loader({ src: source(read.lead.image), width: 700 }) : null,
    written: process.env["TOKEN"] ? (await write(process.env["TOKEN"])).label : null,
  };
  console.log(JSON.stringify(report, null, 2));
}

await main();
