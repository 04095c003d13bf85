import { createHmac, timingSafeEqual } from "node:crypto";
import { revalidateTag } from "next/cache";

const KEY = Buffer.from((process.env.MARQUEE_WEBHOOK_SECRET ?? "").replace("whsec_", ""), "base64");
const SECONDS = 300;

/** Marquee says what changed: every page that shows any of it is made anew when next asked for, and no other page. */
export async function POST(request: Request): Promise<Response> {
  const body = await request.text();
  if (!isSigned(request.headers, body)) return new Response("The signature is wrong or old.\n", { status: 401 });
  const { type, data }: { type: string; data: { cache_tags?: string[] } } = JSON.parse(body);
  const sections = type.startsWith("section.") ? ["sections"] : [];
  for (const tag of [...(data.cache_tags ?? []), ...sections]) revalidateTag(tag, { expire: 0 });
  return new Response(null, { status: 204 });
}

/** Standard Webhooks: HMAC-SHA256 of “id.timestamp.body”; the header may hold several signatures. */
function isSigned(headers: Headers, body: string): boolean {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) => headers.get(`webhook-${name}`) ?? "");
  if (!KEY.length || !(Math.abs(Date.now() / 1000 - Number(timestamp)) <= SECONDS)) return false;
  const wanted = Buffer.from(`v1,${createHmac("sha256", KEY).update(`${id}.${timestamp}.${body}`).digest("base64")}`);
  return (signatures ?? "").split(" ").map((each) => Buffer.from(each))
    .some((each) => each.length === wanted.length && timingSafeEqual(each, wanted));
}
