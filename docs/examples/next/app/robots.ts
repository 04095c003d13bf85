import type { MetadataRoute } from "next";

export default function robots(): MetadataRoute.Robots {
  const sitemap = new URL("/sitemap.xml", process.env.SITE ?? "http://localhost:3000").href;
  return { rules: { userAgent: "*", disallow: ["/preview/", "/search/", "/more/"] }, sitemap };
}
