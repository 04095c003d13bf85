// How many of something, in words: the one rule for every sentence of ours, as media/counted.py is on the server.

export const counted = (number, one, many = `${one}s`) => `${number.toLocaleString()} ${number === 1 ? one : many}`
