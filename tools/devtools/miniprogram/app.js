const { createYaopai } = require('@yaopai/miniprogram')
const { baseUrl } = require('./config')

App({
  yaopai: createYaopai({ baseUrl }),
})
