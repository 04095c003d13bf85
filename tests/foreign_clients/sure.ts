/** Compiles only where a type is known: neither `unknown` nor `any`. */
export type Sure<T> = unknown extends T ? never : T;

type Any = { type: string; id: string };
type Shown = { kind: string; body: readonly Any[] };

const KNOWN = ["paragraph", "heading", "quote", "pull_quote", "list", "photo", "gallery", "embed", "divider", "notice"];

/** Whether a block is of a type that today's schema knows. */
export function isKnown<Block extends Any, Known extends Block>(block: Block): block is Known {
  return KNOWN.includes(block.type);
}

/** Say what was read, for the test. */
export function tell(listed: { slug: string; kind: string }[], article: Shown, words: string[]): void {
  const others = article.body.filter((block) => !isKnown(block)).map(({ type }) => type);
  console.log(JSON.stringify({ listed: listed.map(({ kind }) => kind), kind: article.kind, blocks: article.body.length, others, words }));
}
