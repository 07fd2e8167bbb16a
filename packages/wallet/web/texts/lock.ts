import { defineTexts } from './language.js'

/** Opening and closing. */
export const lockTexts = defineTexts({
  'zh-CN': {
    closedTitle: '凭证夹已锁上',
    closedLead: '凭证和密钥加密保存在本机，只有您能打开。',
    or: '或',
    newPin: '设置 PIN 码',
    pinHint: '六位以上数字，不要用生日或连号',
    openByPasskey: '用通行密钥打开',
    pin: 'PIN 码',
    open: '打开',
    opening: '正在打开…',
    newTitle: '您的凭证，您保管',
    newLead: '凭证和密钥只存在这个浏览器里，任何服务器都看不到。先选一种打开方式。',
    usePasskey: '用指纹、面容或锁屏密码',
    pinAgain: '再输入一次',
    create: '创建',
    creating: '正在创建…',
    differs: '两次输入不一致。',
    hadWallet: '以前用过凭证夹？',
    comingBack: [
      '密钥离不开原来的设备和浏览器，谁也恢复不了。请先在上面选好打开方式。',
      '再到签发机构重新领取：网号和各平台认得您的编号不变，账号都在。',
      '旧设备还在，或留有它做的文件？设好之后，用“从旧设备迁入”取回记录。',
    ],
    wait: (span: string, time: string) => `请等 ${span}，${time} 后再试。`,
    triesLeft: (left: number) => `再错 ${left} 次，凭证夹会按您的设置清空。`,
    forgotten: {
      title: '忘了 PIN 码？',
      titlePasskey: '打不开？',
      nobody: '谁都不能重置：PIN 码只有您知道，签发机构也没有。',
      passkey: '可以用通行密钥打开，再到“设置”里换一个 PIN 码。',
      means: [
        '都打不开时，只能清空这里，再向签发机构重新领取凭证。',
        '您在各平台的账户不受影响：重新领取后，平台仍认得是您。',
        '这里的记录会没有。以前导出过迁移文件的，清空后可以迁入。',
      ],
      erase: '清空，重新开始',
      sureTitle: '清空这个凭证夹？',
      sureLead: '这里的凭证、密钥和记录会全部删除，找不回来。登记和平台账户不受影响。',
      yes: '全部清空',
      no: '保留',
    },
    refused: {
      pin_weak: '这个 PIN 码太容易猜：请用六位以上数字，不要连号、重复或前后相同。',
      pin_wrong: 'PIN 码不对。',
      pin_waiting: '输错多次，需要等一会儿。',
      passkey_unsupported: '这台设备的通行密钥打不开凭证夹，请设置 PIN 码。',
      passkey_refused: '没有用成通行密钥，请重试，或改用 PIN 码。',
      passkey_wrong: '这把通行密钥属于另一个凭证夹。',
      lock_missing: '不能用这种方式打开。',
      lock_damaged: '打开方式的数据被改动了，请换另一种方式，或恢复凭证。',
      wiped: '输错次数过多：凭证夹已按您的设置清空。浏览器自己的历史记录请手动清除。',
    },
  },
  en: {
    closedTitle: 'The wallet is locked',
    closedLead: 'Certificates and keys are encrypted on this device; only you can open them.',
    or: 'or',
    newPin: 'Choose a PIN',
    pinHint: 'At least six digits; no birthday, no sequence',
    openByPasskey: 'Open with a passkey',
    pin: 'PIN',
    open: 'Open',
    opening: 'Opening…',
    newTitle: 'Your certificates, in your keeping',
    newLead:
      'Certificates and keys stay in this browser; no server sees them. First choose how to open it.',
    usePasskey: 'Finger, face or screen lock',
    pinAgain: 'Repeat the PIN',
    create: 'Create',
    creating: 'Creating…',
    differs: 'The two are not the same.',
    hadWallet: 'Had a wallet before?',
    comingBack: [
      'Keys never leave their device and browser, so nobody can restore them. First choose above how to open this one.',
      'Then get your certificates anew from the issuer: platforms know you by the same numbers, and your accounts stay.',
      'Still have the old device, or a file it made? Afterwards “From an old device” brings your history back.',
    ],
    wait: (span: string, time: string) => `Wait ${span} and try again after ${time}.`,
    triesLeft: (left: number) =>
      left === 1
        ? 'One more wrong PIN and the wallet is erased, as you told it to be.'
        : `${left} more wrong PINs and the wallet is erased, as you told it to be.`,
    forgotten: {
      title: 'Forgotten the PIN?',
      titlePasskey: 'It does not open?',
      nobody: 'Nobody can reset it: only you know the PIN, and the issuer has none.',
      passkey: 'Open it with the passkey instead, and change the PIN in the settings.',
      means: [
        'If nothing opens it, all you can do is erase what is here and get your certificates from the issuer anew.',
        'Your accounts at platforms stay: with the new certificates they know you again.',
        'The history here is gone. If you once exported a file to move, you can take it in afterwards.',
      ],
      erase: 'Erase and begin anew',
      sureTitle: 'Erase this wallet?',
      sureLead:
        'Certificates, keys and history here are deleted and cannot be brought back. Your registration and your accounts at platforms stay.',
      yes: 'Erase it all',
      no: 'Keep it',
    },
    refused: {
      pin_weak:
        'Too easy to guess: at least six digits, no sequence, no repetition, no half twice.',
      pin_wrong: 'The PIN is wrong.',
      pin_waiting: 'After several wrong PINs the wallet waits.',
      passkey_unsupported: 'Passkeys of this device cannot open a wallet: set a PIN.',
      passkey_refused: 'The passkey was not used: try again, or use the PIN.',
      passkey_wrong: 'That passkey belongs to another wallet.',
      lock_missing: 'It cannot be opened in this way.',
      lock_damaged:
        'What opens it was changed: use the other way in, or recover your certificates.',
      wiped:
        'Too many wrong PINs: the wallet was erased, as you told it to be. Clear the browser’s own history by hand.',
    },
  },
})
