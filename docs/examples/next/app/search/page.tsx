import Link from "next/link";
import { given, marquee } from "@/lib/marquee";
import { Html } from "@/parts/html";

export const metadata = { title: "Search", robots: { index: false } };

export default async function Search({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const { q = "" } = await searchParams;
  if (!q.trim()) return <h1>What are you looking for?</h1>;
  const found = given(await marquee.GET("/api/v1/search/", { params: { query: { q } } }));
  return (
    <>
      <h1>“{q}”</h1>
      {found.did_you_mean && <p>Did you mean <Link href={`/search/?q=${found.did_you_mean}`}>{found.did_you_mean}</Link>?</p>}
      {found.results.length === 0 && <p>Nothing was found.</p>}
      {found.results.map(({ id, path, highlight }) => (
        <section key={id}>
          <h2><Link href={path}><Html html={highlight.headline_html} /></Link></h2>
          <Html as="p" html={highlight.snippet_html} />
        </section>
      ))}
    </>
  );
}
