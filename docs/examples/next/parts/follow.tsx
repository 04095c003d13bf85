"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** In the frame beside the text, the desk tells of each change: the draft is fetched anew, and the page stays where it is. */
export function Follow({ desk }: { desk: string }) {
  const { refresh } = useRouter();
  useEffect(() => {
    const hear = ({ origin, data }: MessageEvent) => { if (origin === desk && data?.type === "marquee:preview-changed") refresh(); };
    addEventListener("message", hear);
    if (parent !== window) parent.postMessage({ type: "marquee:preview-ready" }, desk);
    return () => removeEventListener("message", hear);
  }, [desk, refresh]);
  return null;
}
