const hearing = require('../../lib/hear.js')

hearing({
  data: {
    entities: '&lt;b&gt; &amp; c',
    types: [
      'success',
      'success_no_circle',
      'success_circle',
      'safe_success',
      'safe_warn',
      'info',
      'info_circle',
      'warn',
      'waiting',
      'waiting_circle',
      'cancel',
      'download',
      'search',
      'clear',
    ],
    percent: 20,
    nodes: [
      { name: 'p', attrs: { class: 'coloured' }, children: [{ type: 'text', text: 'a &lt; b' }] },
      { name: 'iframe', attrs: { src: 'https://foreign.example/' } },
    ],
    html: '<p>kept <b onclick="alert(1)">bold</b><script>alert(1)</script><a href="javascript:alert(1)">link</a></p>',
  },
  go() {
    this.setData({ percent: 60 })
  },
})
