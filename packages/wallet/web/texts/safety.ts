import { defineTexts } from './language.js'

/** Pausing, leaving, moving, and what to do when a phone is gone. */
export const safetyTexts = defineTexts({
  'zh-CN': {
    title: '安全',
    lead: '凭证由您做主：随时可以暂停、搬走或注销。',
    urgent: '遇到意外',
    planned: '自己决定',
    parts: {
      lost: '手机丢了',
      pause: '暂停凭证',
      move: '换新设备',
      arrive: '从旧设备迁入',
      cancel: '注销登记',
      receipts: '删除回执',
      erase: '清空本浏览器',
    },
    notes: {
      lost: '先暂停，再找回',
      pause: '谁也用不了，之后可以恢复',
      move: '记录和设置带走，凭证重新签发',
      arrive: '打开旧设备做的文件',
      cancel: '签发机构删除您的资料并给出回执',
      receipts: (count: number) => `${count} 份`,
      erase: '只清本机，登记不变',
    },
    lost: {
      lead: '凭证锁在那台手机里，没有 PIN 码或通行密钥打不开。仍请按下面的顺序做。',
      now: '现在就做',
      steps: [
        ['用停用码暂停', '停用码在首次领取时给您的纸上，共 20 位。暂停后找回了手机，还能恢复。'],
        ['没有停用码', '带证件到签发机构柜台，可以只停那一台设备，也可以全部停用。'],
        [
          '换一台设备重新领取',
          '密钥不能复制，所以由签发机构重新签发。各平台认得您的编号不变，账号都在。',
        ],
        [
          '所有设备都丢了',
          '重新申请时，您先前指定的恢复联系人确认是您本人。单凭一张捡来的证件办不成。',
        ],
      ],
      before: '趁手机还在',
      beforeSteps: [
        ['把停用码的纸收好', '和手机分开放。本凭证夹里没有这个码：不然捡到手机的人也有了。'],
        ['请一位信得过的人做恢复联系人', '在签发机构柜台登记，对方用自己的凭证夹答应一声即可。'],
        ['把记录存一份', '在“换新设备”里做一个加密文件，放在别处。'],
      ],
      page: '打开停用页面',
      pageHint: (host: string) => `在 ${host}，任何一台设备都能打开`,
    },
    pause: {
      lead: '暂停后，您名下所有设备上的凭证都会被拒绝，直到恢复。',
      meansTitle: '这意味着',
      means: [
        '下一次发布状态名单后生效，通常几分钟；离线的闸机要等它更新名单。',
        '不带状态的一次性凭证无法逐份暂停，但最多几天就到期，期间不再补发。',
        '登记、平台账号和本机的记录都不变。',
        '到您选的时间自动恢复；提前恢复要在签发机构柜台办：拿着手机的人自己恢复不了。',
      ],
      howTitle: '手机不在手边时',
      how: '在任何一台设备上打开签发机构的页面，输入纸上的停用码。停用码只在纸上，这里没有。',
      one: '只想删掉这台设备上的一张凭证？在凭证页里删除即可。',
    },
    erase: {
      lead: '从这个浏览器删掉凭证夹的一切：凭证、密钥、记录、回执和设置。',
      means: [
        '找不回来。想留记录，请先在“换新设备”里做一个文件。',
        '签发机构的登记不变：换个地方还能重新领取。',
        '剩下的一次性凭证作废，没有别人能用。',
        '浏览器自己的历史记录里还留有打开过的链接和请求：请在浏览器里手动清除。',
      ],
      registered: '想让签发机构也删除，请用“注销登记”。',
      button: '清空本浏览器',
      sureTitle: '全部清空？',
      sureLead: '凭证、密钥、记录、回执、设置都会删掉，找不回来。',
      yes: '全部清空',
      no: '先不清空',
    },
  },
  en: {
    title: 'Safety',
    lead: 'Your certificates are yours: pause them, move, or leave whenever you want.',
    urgent: 'If something goes wrong',
    planned: 'When you decide to',
    parts: {
      lost: 'Lost a phone',
      pause: 'Pause your certificates',
      move: 'Move to a new device',
      arrive: 'Bring in from an old device',
      cancel: 'Cancel your enrolment',
      receipts: 'Erasure receipts',
      erase: 'Erase this browser',
    },
    notes: {
      lost: 'Pause first, then recover',
      pause: 'Nobody can use them; you can go on later',
      move: 'History and settings come along, certificates are issued anew',
      arrive: 'Open the file your old device made',
      cancel: 'The issuer deletes what it has of you, and signs a receipt',
      receipts: (count: number) => `${count}`,
      erase: 'Here only; your enrolment stays',
    },
    lost: {
      lead: 'Your certificates are locked in that phone and do not open without the PIN or the passkey. Do this all the same, in this order.',
      now: 'Now',
      steps: [
        [
          'Pause with your revocation code',
          'It is on the paper you got with your first certificate: 20 symbols. If the phone turns up, you can go on.',
        ],
        [
          'No code at hand',
          'Go to the issuer’s counter with your document: they end that device alone, or everything.',
        ],
        [
          'Get certificates on another device',
          'Keys cannot be copied, so the issuer issues anew. Platforms know you by the same number: your accounts stay.',
        ],
        [
          'All devices are gone',
          'When you apply again, the recovery contact you named confirms that it is you. A found document alone is not enough.',
        ],
      ],
      before: 'While you still have it',
      beforeSteps: [
        [
          'Keep the paper with the code',
          'Apart from the phone. This wallet does not have the code: whoever found the phone would have it, too.',
        ],
        [
          'Ask somebody you trust to be your recovery contact',
          'It is noted at the issuer’s counter; they say yes with their own wallet.',
        ],
        [
          'Save your history',
          'Under “Move to a new device” you make an encrypted file. Keep it elsewhere.',
        ],
      ],
      page: 'Open the revocation page',
      pageHint: (host: string) => `At ${host}; it opens on any device`,
    },
    pause: {
      lead: 'While they are paused, your certificates are refused on every device of yours.',
      meansTitle: 'What that means',
      means: [
        'It counts once the next status list is out, mostly within minutes; a gate without a network waits for its next list.',
        'One-time copies without a status cannot be paused one by one: they end within days, and no more are issued.',
        'Your enrolment, your accounts at platforms and your history stay.',
        'It ends by itself when you chose. Sooner you see the issuer’s counter: whoever holds the phone cannot undo it.',
      ],
      howTitle: 'When the phone is not at hand',
      how: 'Open the issuer’s page on any device and type the code from your paper. The code is on paper alone and not in here.',
      one: 'Only one certificate on this device? Delete it on its own page.',
    },
    erase: {
      lead: 'Deletes everything of the wallet in this browser: certificates, keys, history, receipts and settings.',
      means: [
        'It cannot be brought back. To keep your history, make a file under “Move to a new device” first.',
        'Your enrolment at the issuer stays: you can get certificates again elsewhere.',
        'One-time copies that are left are lost; nobody else can use them.',
        'The browser’s own history keeps the links and requests you opened: clear it by hand, in the browser.',
      ],
      registered: 'If the issuer is to delete, too, cancel your enrolment.',
      button: 'Erase this browser',
      sureTitle: 'Erase everything?',
      sureLead: 'Certificates, keys, history, receipts and settings are deleted for good.',
      yes: 'Erase everything',
      no: 'Not now',
    },
  },
})
