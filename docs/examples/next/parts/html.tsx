type Tag = "span" | "p" | "h2" | "h3" | "h4" | "li" | "div";

/** HTML of Marquee's, which is clean. Its links to our own pages say their path, so they stay on this host. */
export function Html({ html, as: Tag = "span", id }: { html: string; as?: Tag; id?: string }) {
  const here = html.replace(/href="[^"]*"(?=[^>]*\sdata-path="([^"]*)")/g, 'href="$1"');
  return <Tag id={id} dangerouslySetInnerHTML={{ __html: here }} />;
}
