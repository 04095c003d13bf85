import { DESK, given, marquee } from "@/lib/marquee";
import { Article } from "@/parts/article";
import { Follow } from "@/parts/follow";

export const dynamic = "force-dynamic";
export const metadata = { title: "Preview", robots: { index: false, follow: false }, referrer: "no-referrer" } as const;

export default async function Preview({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const draft = given(await marquee.GET("/api/v1/preview/{token}/", { params: { path: { token } } }));
  // Pictures that no reader may see yet open with the token.
  const shown: typeof draft = JSON.parse(JSON.stringify(draft).replaceAll(".{format}", `.{format}?preview=${token}`));
  return <><Follow desk={DESK} /><p className="notice">A draft: not what readers see.</p><Article article={shown} /></>;
}
