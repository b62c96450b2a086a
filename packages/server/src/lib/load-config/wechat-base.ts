import { complain, type Findings } from './findings.ts'
import type { Layers } from './layers.ts'

/** WeChat's own hosts: the general one and those of single regions. */
const WECHAT_HOSTS = [
  'api.weixin.qq.com',
  'api2.weixin.qq.com',
  'sh.api.weixin.qq.com',
  'sz.api.weixin.qq.com',
  'hk.api.weixin.qq.com',
]

const NAME = 'WECHAT_API_BASE'
const ACKNOWLEDGE = 'WECHAT_API_TRUSTED_HOST'
const ORDINARY = 'https://api.weixin.qq.com'

/**
 * Where AppSecrets go. Only WeChat's hosts over https; a forwarder of one's own once its host is named a second
 * time, in `WECHAT_API_TRUSTED_HOST`; plain http and strange certificates are for emulators.
 */
export function readWechatBase(
  text: string,
  insecureEmulator: boolean,
  layers: Layers,
  findings: Findings,
): string {
  const url = parseBase(text)
  if (url === null) {
    complain(findings, NAME, 'must be a URL of scheme and host alone', `Set for example ${NAME}=${ORDINARY}`)
    return ORDINARY
  }
  if (insecureEmulator) {
    if (WECHAT_HOSTS.includes(url.hostname) && !layers.isFileBroken) {
      const problem = `is on, but ${NAME} is WeChat itself`
      complain(findings, 'YAOPAI_INSECURE_EMULATOR', problem, `Remove it, or set ${NAME} to the emulator`)
    }
    return url.origin
  }
  if (url.protocol !== 'https:') {
    const cure = `Set ${NAME}=${ORDINARY}; for an emulator on this machine set YAOPAI_INSECURE_EMULATOR=1`
    complain(findings, NAME, 'is plain http, over which AppSecrets must not go', cure)
    return url.origin
  }
  const trusted = layers.variables.get(ACKNOWLEDGE)?.text.toLowerCase()
  if (!WECHAT_HOSTS.includes(url.hostname) && trusted !== url.host) {
    const cure = `Set ${NAME}=${ORDINARY}, or, if the forwarder is yours, ${ACKNOWLEDGE}=${url.host}`
    complain(findings, NAME, "is none of WeChat's hosts, and all AppSecrets would go there", cure)
  }
  return url.origin
}

function parseBase(text: string): URL | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const isBare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  return isBare && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null
}
