import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { given, marquee } from "@/lib/marquee";
import "./site.css";

export const metadata: Metadata = {
  metadataBase: new URL(process.env.SITE ?? "http://localhost:3000"),
  title: { default: "Marquee Daily", template: "%s · Marquee Daily" },
};

export default async function Layout({ children }: { children: ReactNode }) {
  const { results } = given(await marquee.GET("/api/v1/sections/"));
  return (
    <html lang="en">
      <body>
        <header>
          <Link className="wordmark" href="/">Marquee Daily</Link>
          <nav>{results.filter(({ parent }) => !parent).map(({ path, name }) => <Link key={path} href={path}>{name}</Link>)}</nav>
          <form action="/search/"><input name="q" type="search" aria-label="Search" placeholder="Search" /></form>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
