import Link from "next/link";
import type { Schemas } from "@/lib/marquee";
import { Body } from "./blocks";
import { Figure } from "./picture";

/** The whole page of an article, live or a draft. */
export function Article({ article }: { article: Schemas["Article"] }) {
  return (
    <article>
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json(article.structured_data) }} />
      <nav className="kicker">
        {article.breadcrumbs.map(({ path, name }) => <Link key={path} href={path}>{name}</Link>)}
        {article.label && <strong>{article.label}</strong>}
      </nav>
      <h1>{article.headline}</h1>
      {article.standfirst && <p className="standfirst">{article.standfirst}</p>}
      {article.flags.sponsored && <p className="notice">{article.flags.sponsored}</p>}
      <p className="byline">
        {article.byline} <Time at={article.published_at} />
        {article.updated_at && <> · Updated <Time at={article.updated_at} /></>}
      </p>
      {article.lead && <Figure photo={article.lead} first />}
      {article.review?.rating != null && <p className="notice">{article.review.rating}/{article.review.scale}</p>}
      <Body blocks={article.body} />
      {article.corrections.map(({ id, kind, text }) => <p key={id} className="notice"><b>{kind}:</b> {text}</p>)}
      <ul className="tags">
        {[...article.people, ...article.tags].map(({ path, name }) => <li key={path}><Link href={path}>{name}</Link></li>)}
      </ul>
      {article.related.map(({ path, headline }) => <p key={path}>See also: <Link href={path}>{headline}</Link></p>)}
    </article>
  );
}

export function Time({ at }: { at: string }) {
  return <time dateTime={at}>{new Date(at).toLocaleDateString("en-US", { dateStyle: "long", timeZone: "UTC" })}</time>;
}

function json(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
