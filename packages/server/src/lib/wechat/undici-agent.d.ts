/** What undici gives away as `Agent`, loaded by itself. */
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici'
  export = Agent
}
