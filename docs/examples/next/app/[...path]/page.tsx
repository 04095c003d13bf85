import type { Metadata } from "next";
import { permanentRedirect } from "next/navigation";
import { cache } from "react";
import { given, marquee } from "@/lib/marquee";
import { Article } from "@/parts/article";
import { Cards } from "@/parts/cards";
import { Figure } from "@/parts/picture";

type Props = { params: Promise<{ path: string[] }> };

// No page is made before somebody asks for it; then it is kept until an event names what it shows.
export const generateStaticParams = () => [];
export const revalidate = 300;

/** What stands at a path: an article, or an entry with a list of stories. Earlier paths lead to the present one. */
const standing = cache(async (path: string) => {
  const found = given(await marquee.GET("/api/v1/resolve/", { params: { query: { path } } }));
  const { type, slug } = found;
  if (type === "redirect" || slug === null) return permanentRedirect(found.location ?? "/");
  const at = { params: { path: { slug } } };
  switch (type) {
    case "article":
      return { type, article: given(await marquee.GET("/api/v1/articles/{slug}/", at)) };
    case "person":
      return { type, slug, person: given(await marquee.GET("/api/v1/people/{slug}/", at)) };
    case "work": {
      const { title, description } = given(await marquee.GET("/api/v1/works/{slug}/", at));
      return { type, slug, name: title, description };
    }
    case "section": {
      const { name, description } = given(await marquee.GET("/api/v1/sections/{slug}/", at));
      return { type, slug, name, description };
    }
    case "author": {
      const { name, biography } = given(await marquee.GET("/api/v1/authors/{slug}/", at));
      return { type, slug, name, description: biography };
    }
    default: {
      const { name } = given(await marquee.GET("/api/v1/tags/{slug}/", at));
      return { type, slug, name, description: "" };
    }
  }
});

const asked = async ({ params }: Props) => standing(`/${(await params).path.map(decodeURIComponent).join("/")}/`);

export async function generateMetadata(props: Props): Promise<Metadata> {
  const found = await asked(props);
  if (found.person) return { title: found.person.name, description: found.person.description };
  if (!found.article) return { title: found.name, description: found.description };
  const { seo, social, canonical_url, path } = found.article;
  const images = social.image ? [social.image] : [];
  return {
    title: { absolute: seo.title },
    description: seo.description,
    robots: seo.robots.join(","),
    alternates: { canonical: canonical_url ?? path },
    openGraph: { type: "article", title: social.title, description: social.description, images },
    twitter: { card: "summary_large_image" },
  };
}

export default async function Page(props: Props) {
  const found = await asked(props);
  if (found.article) return <Article article={found.article} />;
  if (found.person) {
    const { name, description, portrait, photos } = found.person;
    const others = photos.filter(({ id }) => id !== portrait?.id).slice(0, 12);
    return (
      <>
        <h1>{name}</h1>
        <p className="standfirst">{description}</p>
        {portrait && <Figure photo={portrait} first />}
        <Cards query={{ person: [found.slug], page_size: 18 }} />
        {others.length > 0 && <section className="gallery"><h2>Photos</h2>{others.map((photo) => <Figure key={photo.id} photo={photo} />)}</section>}
      </>
    );
  }
  return (
    <>
      <h1>{found.name}</h1>
      <p className="standfirst">{found.description}</p>
      <Cards query={{ [found.type]: [found.slug], page_size: 18 }} />
    </>
  );
}
