// The tabs of this browser that have a story open: whoever is asked answers. A tab that crashed, or sleeps, does not.

import { tab } from "marquee/desk/page";

const PATIENCE = 300;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("marquee-tabs") : null;
let living = new Set();

channel?.addEventListener("message", ({ data }) => {
  if (data.ask) channel.postMessage({ here: tab });
  else living.add(data.here);
});

export async function livingTabs() {
  if (!channel) return new Set();
  living = new Set();
  channel.postMessage({ ask: true });
  await new Promise((done) => setTimeout(done, PATIENCE));
  return living;
}
