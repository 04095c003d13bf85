import { Cards } from "@/parts/cards";

export const revalidate = 300;

export default function Front() {
  return (
    <>
      <h1 className="unseen">The latest</h1>
      <Cards query={{ page_size: 19 }} first />
    </>
  );
}
