import { client } from "./made/hey/client.gen";
import { getArticle, listArticles } from "./made/hey/sdk.gen";
import type { Block } from "./made/hey/types.gen";
import { isKnown, type Sure, tell } from "./sure";

async function main([host = "", slug = ""]: string[]) {
  client.setConfig({ baseUrl: host });
  const list = await listArticles({ query: { page_size: 5, section: ["film"] }, throwOnError: true });
  const one = await getArticle({ path: { slug }, throwOnError: true });
  const results: Sure<(typeof list.data.results)[number]>[] = list.data.results;
  const body: Sure<(typeof one.data.body)[number]>[] = one.data.body;
  const known = body.filter((block): block is Block => isKnown<typeof block, Block>(block));
  tell(results, one.data, known.flatMap((block) => (block.type === "paragraph" ? [block.html] : [])));
}

main(process.argv.slice(2));
