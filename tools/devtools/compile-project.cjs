// node compile-project.cjs PROJECT ZIP [FOLDER]: what WeChat DevTools does with a whole mini program before it uploads it,
// by its own code; what comes out goes into ZIP, and into FOLDER. Offline: what WeChat's servers would say of the appid
// is said here, and nothing may connect.
const { generateKeyPairSync } = require('node:crypto')
const { mkdirSync, writeFileSync } = require('node:fs')
const { Socket } = require('node:net')
const { dirname, join } = require('node:path')
const process = require('node:process')
const ci = require('miniprogram-ci')

Socket.prototype.connect = () => {
  throw new Error('The compiler wants to talk to somebody')
}

const [projectPath, zip, folder] = process.argv.slice(2)

// The key would be the one that uploads. Compiling asks that there is one, and nothing more.
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

const limits = { MaxCodeSize: 20, MaxSubpackageSubCodeSize: 2, MaxSubpackageFullCodeSize: 20 }
const more = { NavigateMiniprogramLimit: 10, MaxSubPackageLimit: 100, MinTabbarCount: 2, MaxTabbarCount: 5 }

async function compile() {
  const appid = 'wxa1b2c3d4e5f60718'
  const project = new ci.Project({ appid, type: 'miniProgram', projectPath, privateKey, ignores: [] })
  project.attr = async () => ({
    appid,
    appType: 0,
    gameApp: false,
    isSandbox: false,
    platform: false,
    released: true,
    setting: { ...limits, ...more, MaxTabbarIconSize: 40, SubPackageDynamicSize: 2 },
  })
  const setting = { es6: true, es7: true, minify: true, minifyJS: true, minifyWXML: true, minifyWXSS: true }
  const quiet = { onProgressUpdate: () => {} }
  return ci.getCompiledResult({ project, version: '1.0.0', desc: '', setting, ...quiet }, zip)
}

function write(files) {
  if (folder === undefined) return
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}

compile().then(
  (files) => {
    write(files)
    process.exit(0)
  },
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
