import { type Block, getArticle, listArticles } from "./made/orval";
import { GetArticleResponse, ListArticlesResponse } from "./made/zod";
import { isKnown, type Sure, tell } from "./sure";

async function main([host = "", slug = ""]: string[]) {
  const real = globalThis.fetch;
  globalThis.fetch = (address, options) => real(new URL(String(address), host), options);
  const list = await listArticles({ page_size: 5, section: ["film"] });
  const one = await getArticle(slug);
  if (list.status !== 200 || one.status !== 200) throw new Error("Nothing was read.");
  const results: Sure<(typeof list.data.results)[number]>[] = list.data.results;
  const body: Sure<(typeof one.data.body)[number]>[] = one.data.body;
  const known = body.filter((block): block is Block => isKnown<typeof block, Block>(block));
  const words = known.flatMap((block) => (block.type === "paragraph" ? [block.html] : []));
  // The same answers, held to what zod was told.
  const checked = GetArticleResponse.parse(one.data);
  const parsed: Sure<(typeof checked.body)[number]>[] = checked.body;
  tell(ListArticlesResponse.parse({ ...list.data, results }).results, { ...checked, body: parsed }, words);
}

main(process.argv.slice(2));
