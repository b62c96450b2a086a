/** How a family of paths dresses its errors: what stands before the rid, and the content type of the answer. */
export interface ErrorFamily {
  prefix: string
  ridSeparator: string
  contentType: string
}

const FAMILIES: readonly ErrorFamily[] = [
  { prefix: '/sns/', ridSeparator: ', rid: ', contentType: 'text/plain' },
  { prefix: '/cgi-bin/', ridSeparator: ' rid: ', contentType: 'application/json' },
  { prefix: '/wxa/', ridSeparator: ' rid: ', contentType: 'application/json' },
]

export function familyOf(path: string): ErrorFamily | undefined {
  return FAMILIES.find((family) => path.startsWith(family.prefix))
}

/** Rows that hold for every call with an access_token, where the path has none of its own. */
const ACCESS_TOKEN_FAMILY = '*access_token'

/**
 * errmsg by path and errcode, misspellings included. `{rid}`, `{hint}` and `{ip}` are filled in when the answer is made.
 */
const CATALOGUE: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  '/sns/jscode2session': {
    [-1]: 'system error',
    40029: 'invalid code, rid: {rid}',
    40163: 'code been used, rid: {rid}',
    40226: 'code blocked',
    45011: 'api minute-quota reach limit  mustslower  retry next minute',
    40013: 'invalid appid, rid: {rid}',
    40125: 'invalid appsecret, rid: {rid}',
    41002: 'appid missing, rid: {rid}',
    41004: 'appsecret missing, rid: {rid}',
    41008: 'missing code, rid: {rid}',
    40002: 'invalid grant_type, rid: {rid}',
    45009: 'reach max api daily quota limit, rid: {rid}',
    50002: 'user limited',
    40164: 'invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist, rid: {rid}',
    40243: 'AppSecret已被冻结，请解冻后再次调用。',
    50007: '账号已冻结',
  },
  '/cgi-bin/token': {
    [-1]: 'system error',
    40001: 'invalid credential, access_token is invalid or not latest rid: {rid}',
    40002: 'invalid grant_type rid: {rid}',
    40013: 'invalid appid rid: {rid}',
    40125: 'invalid appsecret rid: {rid}',
    40164: 'invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist rid: {rid}',
    40243: 'AppSecret已被冻结，请解冻后再次调用。',
    41002: 'appid missing rid: {rid}',
    41004: 'appsecret missing rid: {rid}',
    50004: '禁止使用 token 接口',
    50007: '账号已冻结',
    61024: '第三方平台 API 需要使用第三方平台专用 token',
    45009: 'reach max api daily quota limit rid: {rid}',
  },
  '/cgi-bin/stable_token': {
    [-1]: 'system error',
    40002: 'invalid grant_type',
    40013: 'invalid appid',
    40125: 'invalid appsecret',
    40164: 'invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist rid: {rid}',
    41002: 'appid missing',
    41004: 'appsecret missing',
    43002: 'require POST method',
    45009: 'reach max api daily quota limit',
    45011: 'api minute-quota reach limit  mustslower  retry next minute',
    89503: '此次调用需要管理员确认，请耐心等候',
    89506: '该IP调用求请求已被公众号管理员拒绝，请24小时后再试，建议调用前与管理员沟通确认',
    89507: '该IP调用求请求已被公众号管理员拒绝，请1小时后再试，建议调用前与管理员沟通确认',
  },
  [ACCESS_TOKEN_FAMILY]: {
    40001:
      'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r rid: {rid}',
    40014: 'invalid access_token',
    41001: 'access_token missing',
    42001: 'access_token expired rid: {rid}',
    45009: 'reach max api daily quota limit rid: {rid}',
    45011: 'api minute-quota reach limit  mustslower  retry next minute',
    48001: 'api unauthorized',
    61004: 'access clientip is not registered, not in ip-white-list',
    43002: 'require POST method',
    43003: 'require https',
    44002: 'empty post data',
    47001: 'data format error hint: [{hint}] rid: {rid}',
  },
  '/wxa/checksession': {
    87009: 'invalid signature rid: {rid}',
    40003: 'invalid openid rid: {rid}',
    87007: 'session_key is not existd or expired',
    87008: 'invalid sig_method',
  },
  '/wxa/resetusersessionkey': {
    [-1]: 'system error',
    40097: 'invalid args',
    45011: 'api minute-quota reach limit  mustslower  retry next minute',
    87007: 'session_key is not existd or expired',
    87008: 'invalid sig_method',
    87009: 'invalid signature',
  },
  '/wxa/business/getuserencryptkey': {
    [-1]: 'system error',
    40003: 'invalid openid rid: {rid}',
    87007: 'session_key is not existd or expired',
    87008: 'invalid sig_method',
    87009: 'invalid signature rid: {rid}',
  },
  '/wxa/business/getuserphonenumber': {
    [-1]: 'system error',
    40013: 'invalid appid',
    40029: 'invalid code hint: [{hint}] rid: {rid}',
    45011: 'api minute-quota reach limit  mustslower  retry next minute',
    47001: 'data format error hint: [{hint}] rid: {rid}',
  },
  '/wxa/business/checkencryptedmsg': {
    [-1]: 'system error',
    1: 'data not exit',
    40097: 'invalid args',
    44002: 'empty post data',
    47001: 'data format error',
  },
  '/wxa/getpaidunionid': {
    [-1]: 'system error',
    40003: 'invalid openid',
    89002: 'open not exists',
    89300: 'invalid trade rid: {rid}',
  },
  '/wxa/getpluginopenpid': {
    1000: '系统错误',
    1001: '请求参数非法',
    1003: '请求频率过快',
    1005: '插件 appid 与数据不匹配',
    1007: 'openpid数据不存在',
    1022: 'json数据解析错误',
    45009: 'reach max api daily quota limit',
  },
  '/wxa/msg_sec_check': {
    [-1]: 'system error',
    40003: 'invalid openid',
    40129: 'invalid scene',
    43002: 'require POST method',
    43104: 'The openid does not match the appid',
    44002: 'empty post data',
    44991: 'reach max api minute frequence',
    45009: 'reach max api daily quota limit',
    47001: 'data format error',
    61010: 'code is expired',
  },
}

/** Every path that the catalogue knows, whether the emulator serves it yet or not. */
export function isWechatPath(path: string): boolean {
  return Object.hasOwn(CATALOGUE, path) && path !== ACCESS_TOKEN_FAMILY
}

/** The errcodes that WeChat is known to answer on a path. */
export function errcodesOf(path: string): number[] {
  return Object.keys(CATALOGUE[path] ?? {}).map(Number)
}

/** The text of an errcode on a path; where the path has no such row, the text it has elsewhere; else undefined. */
export function errmsgTemplate(path: string, errcode: number): string | undefined {
  const own = CATALOGUE[path]?.[errcode]
  if (own !== undefined) return own
  const shared = CATALOGUE[ACCESS_TOKEN_FAMILY]?.[errcode]
  if (shared !== undefined) return shared
  return Object.values(CATALOGUE).find((rows) => rows[errcode] !== undefined)?.[errcode]
}
