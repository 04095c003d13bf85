import type { Schemas } from "./marquee";

/** The `src` for next/image: an address with a place left for the width, and after “#” the widths there are. */
export function source({ url_template, formats, widths }: Schemas["Image"], crop: string): string {
  const format = formats.includes("webp") ? "webp" : "jpg";
  return `${url_template.replace("{crop}", crop).replace("{format}", format)}#${widths.join(",")}`;
}

/** The smallest picture that is wide enough, or the widest there is. */
export default function loader({ src, width }: { src: string; width: number }): string {
  const [address = "", widths = ""] = src.split("#");
  const offered = widths.split(",").map(Number);
  return address.replace("{width}", String(offered.find((each) => each >= width) ?? Math.max(...offered)));
}
