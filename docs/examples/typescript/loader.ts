// A loader for next/image and whatever else chooses widths by itself. The browser asks Marquee for the picture, so
// nothing copies or re-encodes it: a photo that is killed, or whose licence ends, is gone from every page at once.

import type { components } from "./api.js";

type Image = components["schemas"]["Image"];

/** The `src` to give: the address with a place left for the width, and after “#” the widths there are. */
export function source(image: Image, crop = "full", format = "webp"): string {
  const offered = image.crops.includes(crop) ? crop : "full";
  // A picture just taken in may have nothing but its JPEGs for a moment.
  const known = image.formats.includes(format) ? format : "jpg";
  return `${image.url_template.replace("{crop}", offered).replace("{format}", known)}#${image.widths.join(",")}`;
}

/** The address of the smallest picture that is wide enough, or of the widest there is. */
export default function loader({ src, width }: { src: string; width: number; quality?: number }): string {
  const [address = "", widths = ""] = src.split("#");
  const offered = widths.split(",").map(Number);
  const chosen = offered.find((each) => each >= width) ?? Math.max(...offered);
  return address.replace("{width}", String(chosen));
}
