// @ts-check
import { previewToken } from "./api.js";
import { h, markup, plain } from "./dom.js";

/** @typedef {import("./types").Photo} Photo */

const RATIOS = /** @type {const} */ ({ ratio_16_9: [16, 9], ratio_4_3: [4, 3], ratio_1_1: [1, 1], ratio_3_4: [3, 4] });
const TYPES = /** @type {const} */ ({ avif: "image/avif", webp: "image/webp", jpg: "image/jpeg" });

/**
 * @param {Photo} photo
 * @param {string} crop
 * @param {number} width
 * @param {string} format
 */
function address(photo, crop, width, format) {
  const { url_template } = /** @type {NonNullable<Photo["image"]>} */ (photo.image);
  const path = url_template.replace("{crop}", crop).replace("{width}", String(width)).replace("{format}", format);
  return previewToken ? `${path}?preview=${encodeURIComponent(previewToken)}` : path;
}

/**
 * A picture in every size and format there is: the browser takes the first format it knows. Its place is held by its
 * ratio and coloured by a blurred copy, so that nothing moves when it arrives. A picture that may not be cropped, or
 * whose crops are still being made, is covered by the browser around its focal point.
 * @param {Photo} photo
 * @param {{ crop?: keyof typeof RATIOS, sizes?: string, eager?: boolean }} [how]
 */
export function picture(photo, { crop, sizes = "100vw", eager = false } = {}) {
  const image = photo.image;
  if (!image) return null;
  const offered = crop && image.crops.includes(crop) ? crop : "full";
  const widest = Math.max(...image.widths);
  const [across, down] = crop ? RATIOS[crop] : [image.width, image.height];
  /** @param {string} format */
  const srcset = (format) => image.widths.map((width) => `${address(photo, offered, width, format)} ${width}w`).join(", ");
  const img = h("img", {
    alt: photo.decorative ? "" : photo.alt || plain(photo.caption_html),
    width: widest,
    height: Math.round((widest * down) / across),
    sizes,
    srcset: srcset("jpg"),
    src: address(photo, offered, image.width, "jpg"),
    loading: eager ? "eager" : "lazy",
    decoding: "async",
    fetchpriority: eager ? "high" : null,
  });
  img.style.aspectRatio = `${across} / ${down}`;
  img.style.objectPosition = image.focal_point.map((part) => `${part * 100}%`).join(" ");
  img.style.backgroundColor = image.dominant_color ?? "";
  if (image.blur_data_url) img.style.backgroundImage = `url("${image.blur_data_url}")`;
  img.addEventListener("error", () => img.closest("figure, .card-picture")?.classList.add("gone"));
  const modern = /** @type {const} */ (["avif", "webp"]).filter((format) => image.formats.includes(format));
  return h("picture", {}, ...modern.map((format) => h("source", { type: TYPES[format], srcset: srcset(format), sizes })), img);
}

/** @param {Photo} photo */
export function creditLine(photo) {
  return photo.credit ? h("span", { class: "credit" }, photo.credit.line) : null;
}

/**
 * A photo of the text with its caption and the credit beneath.
 * @param {Photo} photo
 * @param {{ sizes?: string, eager?: boolean }} [how]
 */
export function figure(photo, how = {}) {
  const drawn = picture(photo, how);
  if (!drawn) return null;
  const caption = photo.caption_html ? markup("span", { class: "caption" }, photo.caption_html) : null;
  const made = photo.kind === "ai_generated" ? h("span", { class: "made" }, "AI-generated picture") : null;
  const said = caption || made || photo.credit ? h("figcaption", {}, made, caption, creditLine(photo)) : null;
  const portrait = photo.image && photo.image.height > photo.image.width;
  return h("figure", { class: `photo ${photo.layout}${portrait ? " upright" : ""}` }, drawn, said);
}
