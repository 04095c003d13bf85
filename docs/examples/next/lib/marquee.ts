import createClient from "openapi-fetch";
import { unstable_cache } from "next/cache";
import { notFound } from "next/navigation";
import type { components, paths } from "./api";

export type Schemas = components["schemas"];

export const marquee = createClient<paths>({ baseUrl: process.env.MARQUEE ?? "http://127.0.0.1:8000" });
export const DESK = new URL(process.env.DESK ?? process.env.MARQUEE ?? "http://127.0.0.1:8000").origin;
marquee.use({ onResponse: ({ schemaPath, response }) => remember(schemaPath, response) });

// The sections in the head of every page change with events about sections, and what stands at a path with what it is:
// the tag of lists, which these two answers carry, would tie every page to every story.
const OTHERWISE: Record<string, string[]> = { "/api/v1/sections/": ["sections"], "/api/v1/resolve/": ["*"] };

/**
 * Keep the page that is being made under the tags of everything it shows: Marquee names them with each answer, and in
 * each event. What is missing may appear with any story, so it is kept under the tag of lists. Should an event be lost,
 * the page is made anew when the answer ends.
 */
async function remember(path: string, { ok, headers }: Response): Promise<void> {
  const named = (ok && OTHERWISE[path]) || headers.get("Cache-Tag")?.split(",") || ["list"];
  const tags = ["*", ...(named.includes("list") ? ["list"] : named)].slice(0, 128);
  const seconds = path in OTHERWISE ? 0 : Number(/s-maxage=(\d+)/.exec(headers.get("Cache-Control") ?? "")?.[1]);
  await unstable_cache(async () => true, tags, { tags, revalidate: seconds || 300 })();
}

/** The data of an answer. What is not there is a page that is not found; another refusal keeps the page that was. */
export function given<Data>({ data, response }: { data?: Data; response: Response }): Data {
  if (data !== undefined) return data;
  if ([400, 404, 410].includes(response.status)) notFound();
  throw new Error(`Marquee answered ${response.status}, request ${response.headers.get("X-Request-ID")}.`);
}
