import type { Config } from '../config.ts'
import { isLoopback } from '../network.ts'
import { complain, type Findings, warn } from './findings.ts'
import type { Layers } from './layers.ts'

/** The emulator's demo app. No such app exists at WeChat, and its secret is public. */
export const DEMO_APPID = 'wxa1b2c3d4e5f60718'
/** What `yaopai dev` and `npm start` call the keys that they make for themselves. */
export const DEV_KID = 'dev'
export const DEV_BACKEND = 'dev'

const NO_EMULATOR = 'or set YAOPAI_INSECURE_EMULATOR=1 to work with an emulator'

/** Settings that fit one by one and must not stand together, or not on a server that real users reach. */
export function judgeSafety(config: Config, layers: Layers, findings: Findings): void {
  judgeEmulator(config, findings)
  judgeTls(layers, findings)
  judgePorts(config, findings)
  if (!config.insecureEmulator) judgeLeftovers(config, findings)
}

function judgeEmulator(config: Config, findings: Findings): void {
  if (!config.insecureEmulator || isLoopback(config.host)) return
  const problem = `is on while HOST=${config.host} can be reached from outside`
  const cure = 'Set HOST=127.0.0.1, or remove YAOPAI_INSECURE_EMULATOR and use WeChat itself'
  complain(findings, 'YAOPAI_INSECURE_EMULATOR', problem, cure)
}

function judgeTls(layers: Layers, findings: Findings): void {
  if (layers.variables.get('NODE_TLS_REJECT_UNAUTHORIZED')?.text !== '0') return
  const cure = 'Remove it; NODE_EXTRA_CA_CERTS adds a certificate authority of your own'
  complain(findings, 'NODE_TLS_REJECT_UNAUTHORIZED', 'turns off the verification of certificates', cure)
}

function judgePorts(config: Config, findings: Findings): void {
  const { port, internalHost, internalPort } = config
  if (port !== 0 && port === internalPort) {
    const cure = 'Set another INTERNAL_PORT; the internal listener must not share the public one'
    complain(findings, 'INTERNAL_PORT', `is ${internalPort}, and PORT too`, cure)
  }
  if (!isLoopback(internalHost)) {
    const cure = 'See that a firewall lets only back ends reach it'
    warn(findings, 'INTERNAL_HOST', `${internalHost} can be reached from outside this machine`, cure)
  }
}

/** What a demo or a development server leaves behind. */
function judgeLeftovers(config: Config, findings: Findings): void {
  if (config.apps.some(({ appid }) => appid === DEMO_APPID)) {
    complain(
      findings,
      'WECHAT_APPID',
      'is the demo app, which WeChat does not know',
      `Set your own, ${NO_EMULATOR}`,
    )
  }
  if (config.masterKeys[0]?.kid === DEV_KID) {
    const cure = `Put a key of its own first, ${NO_EMULATOR}`
    complain(findings, 'YAOPAI_MASTER_KEY', 'seals with a key that was made for development', cure)
  }
  if (config.backends.some(({ name }) => name === DEV_BACKEND)) {
    const cure = `Remove the key named ${DEV_BACKEND}, ${NO_EMULATOR}`
    complain(findings, 'YAOPAI_API_KEYS', 'has a key that was made for development', cure)
  }
}

/**
 * Who reaches a debugger reads every secret in memory. That it listens is a fact; the switches are read only to name
 * the setting, for Node has several ways to write them.
 */
export function judgeInspector(
  input: {
    readonly nodeOptions: string
    readonly execArgv: readonly string[]
    readonly isDebuggerOpen: boolean
    readonly insecureEmulator: boolean
  },
  findings: Findings,
): void {
  if (input.insecureEmulator) return
  const inOptions = input.nodeOptions.split(/\s+/).some(opensDebugger)
  const inArguments = input.execArgv.some(opensDebugger)
  const problem = 'opens the debugger, which shows every secret in memory'
  const cure = 'Start without it; a debugger belongs to an emulator (YAOPAI_INSECURE_EMULATOR=1)'
  if (inOptions) complain(findings, 'NODE_OPTIONS', problem, cure)
  if (inArguments || (input.isDebuggerOpen && !inOptions)) complain(findings, '--inspect', problem, cure)
}

/** Node takes underscores for dashes, and quotes and backslashes in NODE_OPTIONS. */
function opensDebugger(text: string): boolean {
  const plain = text.replaceAll(/["'\\]/g, '').replaceAll('_', '-')
  return /^--(inspect|debug)(-|=|$)/.test(plain)
}
