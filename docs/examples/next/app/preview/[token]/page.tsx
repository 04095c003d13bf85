import { given, marquee } from "@/lib/marquee";
import { Article } from "@/parts/article";

export const dynamic = "force-dynamic";
export const metadata = { title: "Preview", robots: { index: false, follow: false }, referrer: "no-referrer" } as const;

export default async function Preview({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const draft = given(await marquee.GET("/api/v1/preview/{token}/", { params: { path: { token } } }));
  return <><p className="notice">A draft: not what readers see.</p><Article article={draft} /></>;
}
