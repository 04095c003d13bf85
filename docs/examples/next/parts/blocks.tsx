import type { Schemas } from "@/lib/marquee";
import { Html } from "./html";
import { Figure } from "./picture";

type Block = Schemas["Article"]["body"][number];
type Known = Schemas["Block"];

const KNOWN: Record<Known["type"], true> = {
  paragraph: true, heading: true, quote: true, pull_quote: true, list: true, photo: true, gallery: true, embed: true,
  divider: true, notice: true,
};

/** Whether this is a block of the types we were written for. A newer Marquee may send others. */
export function isKnown(block: Block): block is Known {
  return Object.hasOwn(KNOWN, block.type);
}

/** The text. Of a block we do not know its HTML is shown if it has any, else nothing. */
export function Body({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, index) => {
    if (isKnown(block)) return <One key={index} block={block} />;
    return "html" in block && typeof block.html === "string" ? <Html key={index} as="div" html={block.html} /> : null;
  });
}

function One({ block }: { block: Known }) {
  switch (block.type) {
    case "paragraph":
      return <Html as="p" html={block.html} />;
    case "heading":
      return <Html as={block.level === 2 ? "h2" : block.level === 3 ? "h3" : "h4"} id={block.id} html={block.html} />;
    case "quote":
    case "pull_quote":
      return (
        <blockquote className={block.type}>
          <Html as="div" html={block.html} />
          {block.cite && <cite>{block.cite}</cite>}
        </blockquote>
      );
    case "list":
      return <List {...block} />;
    case "photo":
      return <Figure photo={block} />;
    case "gallery":
      return (
        <section className="gallery">
          {block.title && <h2>{block.title}</h2>}
          {block.photos.map((photo) => <Figure key={photo.use_id} photo={photo} />)}
        </section>
      );
    case "embed":
      return (
        <figure>
          <a href={block.url} rel="noopener">{block.fallback_text}</a>
          {block.caption_html && <figcaption><Html html={block.caption_html} /></figcaption>}
        </figure>
      );
    case "divider":
      return <hr />;
    case "notice":
      return <p className="notice">{block.text}</p>;
    default:
      return block satisfies never;
  }
}

function List({ ordered, items }: Pick<Schemas["ListItem"], "ordered" | "items">) {
  const Tag = ordered ? "ol" : "ul";
  return (
    <Tag>
      {items.map((item, index) => (
        <li key={index}>
          <Html html={item.html} />
          {item.items.length > 0 && <List ordered={item.ordered} items={item.items} />}
        </li>
      ))}
    </Tag>
  );
}
