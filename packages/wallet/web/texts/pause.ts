import { defineTexts } from './language.js'

/** Pauses: one's own, a child's, and what is paused. */
export const pauseTexts = defineTexts({
  'zh-CN': {
    howLong: '停多久',
    days: { '1': '1 天', '7': '7 天', until: '直到恢复' },
    goOn: '到时自动恢复；提前恢复或一直暂停的，要在签发机构柜台办，凭证夹里谁也不能取消。',
    yes: '暂停',
    no: '不暂停',
    pausing: '正在请签发机构暂停…',
    own: {
      button: '暂停我的全部凭证',
      longer: '暂停得更久',
      title: '暂停您名下的全部凭证？',
      sure: [
        '您所有设备上的凭证都会停用，期间不再签发。',
        '您替孩子持有的凭证也一起停用；孩子自己的不受影响。',
      ],
    },
    paused: {
      until: (when: string) => `凭证已暂停，到 ${when} 自动恢复。`,
      open: '凭证已暂停。恢复请到签发机构柜台办理。',
      list: '签发机构的状态名单上，这张凭证已暂停。何时恢复，请问签发机构。',
      more: '查看暂停',
    },
    notRefilled: '凭证已暂停，期间不再签发。',
  },
  en: {
    howLong: 'For how long',
    days: { '1': 'One day', '7': 'One week', until: 'Until taken back' },
    goOn: 'It ends by itself on that day. Sooner, or where it has no end, the issuer’s counter takes it back: no wallet can.',
    yes: 'Pause',
    no: 'Do not pause',
    pausing: 'Asking the issuer to pause…',
    own: {
      button: 'Pause everything I hold',
      longer: 'Pause for longer',
      title: 'Pause everything you hold?',
      sure: [
        'The certificates on all your devices stop counting, and no more are issued meanwhile.',
        'What you hold for a child stops, too; what the child holds does not.',
      ],
    },
    paused: {
      until: (when: string) => `Your certificates are paused; that ends by itself on ${when}.`,
      open: 'Your certificates are paused. The issuer’s counter takes it back.',
      list: 'The issuer’s status list says that this certificate is paused. Ask the issuer until when.',
      more: 'See the pause',
    },
    notRefilled: 'Your certificates are paused: none are issued meanwhile.',
  },
})
