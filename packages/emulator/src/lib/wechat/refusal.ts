/** What is wrong with a call, as the errcode that tells it. */
export interface Refusal {
  ok: false
  errcode: number
}

export const refuse = (errcode: number): Refusal => ({ ok: false, errcode })
