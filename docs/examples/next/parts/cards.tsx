import Link from "next/link";
import { given, marquee, type Schemas } from "@/lib/marquee";
import type { paths } from "@/lib/api";
import { Picture } from "./picture";

type Query = NonNullable<paths["/api/v1/articles/"]["get"]["parameters"]["query"]>;

/** A page of cards, and the way to the next. */
export async function Cards({ query, first = false }: { query: Query; first?: boolean }) {
  const { results, next } = given(await marquee.GET("/api/v1/articles/", { params: { query } }));
  const following = next && next.slice(next.indexOf("?"));
  return (
    <>
      <Grid cards={results} first={first} />
      {following && <p><Link className="more" href={`/more/${following}`} prefetch={false}>More stories</Link></p>}
    </>
  );
}

export function Grid({ cards, first = false }: { cards: readonly Schemas["Card"][]; first?: boolean }) {
  return (
    <ul className={first ? "cards front" : "cards"}>
      {cards.map(({ id, path, headline, standfirst, section, lead }, index) => (
        <li key={id}>
          <Link href={path} prefetch={false}>
            {lead && <Picture photo={lead} sizes="(min-width: 48rem) 24rem, 100vw" wide first={first && index === 0} />}
            <span className="kicker">{section?.name}</span>
            <h2>{headline}</h2>
          </Link>
          <p>{standfirst}</p>
          {lead?.credit && <small>{lead.credit.line}</small>}
        </li>
      ))}
    </ul>
  );
}
