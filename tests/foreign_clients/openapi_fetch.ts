import createClient from "openapi-fetch";
import type { components, paths } from "./made/openapi";
import { isKnown, type Sure, tell } from "./sure";

type Block = components["schemas"]["Block"];

async function main([host = "", slug = ""]: string[]) {
  const client = createClient<paths>({ baseUrl: host });
  const list = await client.GET("/api/v1/articles/", { params: { query: { page_size: 5, section: ["film"] } } });
  const one = await client.GET("/api/v1/articles/{slug}/", { params: { path: { slug } } });
  if (!list.data || !one.data) throw new Error("Nothing was read.");
  const results: Sure<(typeof list.data.results)[number]>[] = list.data.results;
  const body: Sure<(typeof one.data.body)[number]>[] = one.data.body;
  const known = body.filter((block): block is Block => isKnown<typeof block, Block>(block));
  tell(results, one.data, known.flatMap((block) => (block.type === "paragraph" ? [block.html] : [])));
}

main(process.argv.slice(2));
