import Image from "next/image";
import { source } from "@/lib/loader";
import type { Schemas } from "@/lib/marquee";
import { Html } from "./html";

type Photo = Schemas["Photo"];
type Shape = { photo: Photo; sizes: string; wide?: boolean; first?: boolean };

/** A photo in its own shape, or 16:9 where there is such a crop. Nothing moves when it comes: its size is known. */
export function Picture({ photo, sizes, wide = false, first = false }: Shape) {
  if (!photo.image) return null;
  const { width, height, crops, dominant_color } = photo.image;
  const cropped = wide && crops.includes("ratio_16_9");
  return (
    <Image
      src={source(photo.image, cropped ? "ratio_16_9" : "full")}
      alt={photo.decorative ? "" : photo.alt}
      width={width}
      height={cropped ? Math.round((width * 9) / 16) : height}
      sizes={sizes}
      style={{ backgroundColor: dominant_color ?? undefined }}
      loading={first ? "eager" : "lazy"}
      fetchPriority={first ? "high" : "auto"}
    />
  );
}

/** A photo with its caption, and never without its credit. */
export function Figure({ photo, first }: { photo: Photo; first?: boolean }) {
  return (
    <figure className={photo.layout}>
      <Picture photo={photo} sizes="(min-width: 48rem) 46rem, 100vw" first={first} />
      <figcaption>
        <Html html={photo.caption_html} /> {photo.credit && <small>{photo.credit.line}</small>}
      </figcaption>
    </figure>
  );
}
