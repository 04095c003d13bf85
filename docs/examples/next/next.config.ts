import type { NextConfig } from "next";

const MARQUEE = process.env.MARQUEE ?? "http://127.0.0.1:8000";
// Marquee names addresses of the host that its title has (Sites, in the admin).
const HOST = process.env.SITE ? `?host=${new URL(process.env.SITE).host}` : "";

const config: NextConfig = {
  trailingSlash: true,
  poweredByHeader: false,
  // Should events be lost, no page is shown that is older than this.
  expireTime: 300,
  // The browser fetches pictures from Marquee itself, so that a killed one is gone from every page at once.
  images: { loader: "custom", loaderFile: "./lib/loader.ts", deviceSizes: [640, 960, 1280, 1920], imageSizes: [320] },
  headers: async () => [{ source: "/preview/:token/", headers: [{ key: "Content-Security-Policy", value: `frame-ancestors ${new URL(process.env.DESK ?? MARQUEE).origin}` }] }],
  rewrites: async () =>
    ["/sitemap.xml", "/sitemap-:part.xml", "/feeds/:rest*"].map((source) => (
      { source, destination: `${MARQUEE}${source}${HOST}` }
    )),
};

export default config;
