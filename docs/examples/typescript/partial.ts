// Some fields of each card, and no others. The schema has no `fields`: what it leaves of a document is another type.

import type { components } from "./api.js";

type Card = components["schemas"]["Card"];

/** These fields of the newest cards; the compiler knows of no other. */
export async function chosen<Name extends keyof Card>(host: string, ...names: Name[]): Promise<Pick<Card, Name>[]> {
  const answer = await fetch(`${host}/api/v1/articles/?fields=${names.join()}`);
  if (!answer.ok) throw new Error(`Marquee answered ${answer.status}.`);
  const page: { results: Pick<Card, Name>[] } = await answer.json();
  return page.results;
}
