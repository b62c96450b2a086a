const hearing = require('../../lib/hear.js')

hearing({
  data: { src: '/images/wide.svg', modes: ['scaleToFill', 'aspectFit', 'aspectFill', 'top left', 'center'] },
})
