export const metadata = { title: "Not here" };

export default function NotFound() {
  return <><h1>Not here</h1><p>There is no such page, or there is none any more.</p></>;
}
