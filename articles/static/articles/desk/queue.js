// One request at a time, in order: what is sent is what is typed when its turn comes.

let last = Promise.resolve();
let waiting = 0;

export const isBusy = () => waiting > 0;

export function inTurn(job) {
  waiting += 1;
  const turn = last.then(() => job()).finally(() => { waiting -= 1; });
  last = turn.catch(() => {});
  return turn;
}
