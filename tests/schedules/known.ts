/** What is known of the app that runs. */
export interface Known {
  token: string | null
  isOut: boolean
  /** A refusal that means out has come in, and is being taken up. */
  isGoingOut: boolean
  heardBefore: number
  heard: number
  /** Ends on purpose, of which each may be heard of once. */
  ends: number
  loginsInFlight: number
  loginsAtMs: number[]
  /** Allowances for the bound on logins: calls of the app's that may ask for one. */
  asksAtMs: number[]
  ownRequestsAtMs: number[]
  callsAtMs: number[]
  clockJumps: number
}

export function nobody(): Known {
  return {
    token: null,
    isOut: false,
    isGoingOut: false,
    heardBefore: 0,
    heard: 0,
    ends: 0,
    loginsInFlight: 0,
    loginsAtMs: [],
    asksAtMs: [],
    ownRequestsAtMs: [],
    callsAtMs: [],
    clockJumps: 0,
  }
}
