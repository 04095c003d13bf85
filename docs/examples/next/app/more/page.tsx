import { Cards } from "@/parts/cards";

type Search = { searchParams: Promise<Record<"cursor" | "section" | "tag" | "person" | "work" | "author", string | undefined>> };

export const metadata = { title: "More stories", robots: { index: false } };

export default async function More({ searchParams }: Search) {
  const { cursor, section, tag, person, work, author } = await searchParams;
  const some = (value?: string) => (value ? [value] : undefined);
  const query = { section: some(section), tag: some(tag), person: some(person), work: some(work), author: some(author) };
  return <><h1>More stories</h1><Cards query={{ ...query, cursor, page_size: 18 }} /></>;
}
