// node build-npm.cjs PROJECT ELSEWHERE: what "Build npm" (构建 npm) of WeChat DevTools does, by its own code, in the
// folder of a mini program, and once more from its package.json into another folder. Offline: nothing may connect.
const { generateKeyPairSync } = require('node:crypto')
const { Socket } = require('node:net')
const { join } = require('node:path')
const process = require('node:process')
const ci = require('miniprogram-ci')

Socket.prototype.connect = () => {
  throw new Error('The builder wants to talk to somebody')
}

const [projectPath, elsewhere] = process.argv.slice(2)

// The key would be the one that uploads. Building npm asks that there is one, and nothing more.
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

async function build() {
  const { appid } = require(join(projectPath, 'project.config.json'))
  const ignores = ['node_modules/**/*']
  const project = new ci.Project({ appid, type: 'miniProgram', projectPath, privateKey, ignores })
  const reports = []
  const warnings = await ci.packNpm(project, { reporter: (report) => reports.push(report) })
  const manual = await ci.packNpmManually({
    packageJsonPath: join(projectPath, 'package.json'),
    miniprogramNpmDistDir: elsewhere,
  })
  return { warnings, built: reports.map((report) => report.miniprogram_pack_num), manual }
}

build().then(
  (result) => {
    console.log(JSON.stringify(result))
    process.exit(0)
  },
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
