import type { NoticeSentences, NoticeTerms } from './notice-words.ts';

/** The Korean words of notices that other views of an incident say as well. */
export const KOREAN_TERMS: NoticeTerms = {
  types: {
    RAISED: '이상 발생',
    REOPENED: '이상 재발',
    FLAPPING: '이상 반복',
    ESCALATED: '등급 상향',
    SHELF_EXPIRED: '보류 만료',
    REMINDER: '재알림',
    RECOVERED: '이상 종료',
    OCCURRED: '지난 이상',
    OFFLINE: '통신 두절',
    ONLINE: '통신 복구',
    UNWATCHED: '감시 불가',
    WATCHED: '감시 재개',
    DRIFTED: '측정값 변화',
    SETTLED: '측정값 안정',
  },
  events: {
    RAISED: { sentence: '이상 상태가 계속되고 있습니다', short: '이상 지속' },
    REOPENED: { sentence: '다시 이상 상태가 되었습니다', short: '이상 재발' },
    FLAPPING: {
      sentence: '정상과 이상을 반복하고 있습니다. 안정되면 종료를 알립니다',
      short: '이상 반복',
    },
    ESCALATED: { sentence: '상태가 더 나빠졌습니다', short: '이상 악화' },
    SHELF_EXPIRED: {
      sentence: '알림 보류 기간이 끝났지만 여전히 이상 상태입니다',
      short: '이상 지속',
      note: '보류 만료',
    },
    REMINDER: {
      sentence: '여전히 이상 상태이며 아직 담당자가 확인하지 않았습니다',
      short: '이상 지속',
      note: '미확인',
    },
    RECOVERED: { sentence: '정상으로 돌아왔습니다', short: '정상 복귀' },
    OCCURRED: {
      sentence: '이상이 있었으나 정상으로 돌아왔습니다. 데이터가 늦게 도착했습니다',
      short: '이상',
      note: '늦게 수신',
    },
    OFFLINE: { sentence: '데이터 수신이 끊겼습니다', short: '수신 끊김' },
    ONLINE: { sentence: '데이터가 다시 수신되고 있습니다', short: '수신 재개' },
    WATCHED: { sentence: '다시 감시되고 있습니다', short: '감시 재개' },
  },
  severities: new Map([
    ['advisory', '주의'],
    ['warning', '경고'],
    ['alarm', '경보'],
  ]),
  sensors: {
    rVibration_Temp: '온도',
    rVibration_Z_RMS_Velocity: 'Z축 진동',
    rVibration_X_RMS_Velocity: 'X축 진동',
    wRMSCurrent: '전류',
    wCurrentLoad: '부하율',
    wEncoderVelocity: '속도',
  },
  advices: {
    encoder: '엔코더: 케이블, 커플링, 디스크를 확인하십시오. 속도가 거의 검출되지 않습니다',
    load: '부하: 걸림, 부품 간섭, 과도한 공구 하중이 없는지 확인하십시오',
    seals: '씰(패킹)과 밸브: 누설이나 유량 저하를 확인하십시오. 구동에 비해 속도가 느립니다',
    bearing: '베어링: 윤활, 유격, 이음을 확인하십시오. 진동과 발열이 함께 나타납니다',
    mounting: '고정부: 볼트, 풋 브래킷, 정렬 상태를 확인하십시오. 옆 방향 진동이 큽니다',
    'rod-guide': '베어링과 로드 가이드: 유격과 윤활 상태를 확인하십시오',
    cooling: '냉각과 윤활 상태를 확인하고, 평소보다 가동 부담이 큰지 살펴보십시오',
    cylinder: '실린더 본체를 확인하십시오. 두드러진 센서는 없지만 모델이 평소와 다른 조합으로 판단했습니다',
    unclear: '실린더 전체를 살펴보십시오. 어느 부품인지는 아직 분명하지 않습니다',
  },
  cylinderOffline:
    '센서와 센서 케이블을 확인하십시오. 게이트웨이는 통신 중이나 이 실린더만 데이터가 없습니다',
  unwatched: {
    ahead: {
      sentence: '데이터는 수신되지만 감시되지 않고 있습니다. 시계가 앞서 있습니다',
      short: '감시 안 됨',
      note: '시계 앞섬',
      check: '게이트웨이 시계가 앞서 있어 데이터가 미래 시각으로 들어옵니다. 시각을 맞추십시오',
    },
    late: {
      sentence: '데이터는 수신되지만 감시되지 않고 있습니다. 데이터가 너무 늦게 들어옵니다',
      short: '감시 안 됨',
      note: '데이터 지연',
      check:
        '게이트웨이 시계가 늦거나, 두 게이트웨이가 이 실린더를 보고하고 그중 하나의 시계가 앞서 있습니다',
    },
    coverage: {
      sentence: '데이터는 수신되지만 감시되지 않고 있습니다. 데이터가 너무 적습니다',
      short: '감시 안 됨',
      note: '데이터 부족',
      check: '실제 샘플 주기를 확인하여 samplePeriodMs를 맞추거나, 전송 중 유실되는지 확인하십시오',
    },
    'warm-up': {
      sentence: '데이터는 수신되지만 감시되지 않고 있습니다. 예열 상태가 되풀이됩니다',
      short: '감시 안 됨',
      note: '예열 반복',
      check:
        '자주 멈추거나 끊길 때마다 warmUpMs 동안 판정하지 않습니다. 이를 줄이거나 끊김의 원인을 없애십시오',
    },
  },
  gateway: (name) => `게이트웨이 ${name}`,
  share: (percent, window, probability) => `최근 ${window} 중 ${percent}%가 이상, 이상 확률 ${probability}`,
  minute: '1분',
};

/** The other Korean words of notices. */
export const KOREAN_SENTENCES: NoticeSentences = {
  drifted: {
    DRIFTED: {
      sentence: '측정값이 모델이 학습한 범위에서 벗어났습니다. 알림의 신뢰도가 낮아집니다',
      short: '측정값 변화',
    },
    SETTLED: { sentence: '측정값이 모델이 학습한 범위로 돌아왔습니다', short: '측정값 안정' },
  },
  endedBy: {
    maintenance: { sentence: '정비에 들어가 이번 이상 건을 종료합니다', short: '정비로 종료' },
    policy: {
      sentence: '샘플 주기가 변경되어 이번 이상 건을 종료하고 새로 판정합니다',
      short: '새로 판정',
      note: '주기 변경',
    },
  },
  flapping: {
    sentence: '통신이 끊겼다 이어지기를 반복합니다. 안정될 때까지 다시 알리지 않습니다',
    short: '수신 끊김',
    note: '끊김 반복',
  },
  quiet: {
    short: '이상 없음',
    sentence: (when, type) => {
      const quiet = `${when}부터 이상이 없으나 이상 건은 아직 종료되지 않았습니다`;
      if (type === 'SHELF_EXPIRED') return `알림 보류 기간이 끝났습니다. ${quiet}`;
      return type === 'REMINDER' ? `아직 담당자가 확인하지 않았습니다. ${quiet}` : quiet;
    },
  },
  gatewayOffline:
    '게이트웨이: 전원, 네트워크, 컴포넌트 실행 여부를 확인하십시오. 복구될 때까지 이 라인은 감시되지 않습니다',
  actions: {
    acknowledge: '조치를 맡으면 아래 명령으로 확인 처리하십시오(재알림이 멈춥니다)',
    close: '원인을 파악하면 아래 명령으로 결과를 남겨 주십시오',
  },
  title: (type, severity) => `${type}(${severity})`,
  times: (count) => `${count}회`,
  headline: (title, subject, sentence) => `[${title}] ${subject}: ${sentence}`,
  troubles: { abnormal: '이상', silent: '수신 끊김', unwatched: '감시 안 됨', drifted: '측정값 변화' },
  since: (trouble, when, duration) =>
    duration === null ? `${when}부터 ${trouble}` : `${when}부터 ${trouble} (${duration} 경과)`,
  first: (when, duration) => `최초 이상 ${when} (${duration} 전)`,
  again: (first, when, duration) => `최초 이상 ${first}, ${when}부터 재발 (${duration} 경과)`,
  lasted: (trouble, from, to, duration) => `${trouble} ${from} ~ ${to} (${duration})`,
  overAt: (when) => `${when} 종료`,
  inZone: (when, zone) => `${when} (${zone})`,
  short: {
    since: (what, when, duration) => `${what} ${when}부터${duration === null ? '' : `(${duration})`}`,
    at: (what, when) => `${what} ${when}`,
    first: (when) => `최초 ${when}`,
    lasted: (what, from, to) => `${what} ${from}~${to}`,
    lasting: (what, duration) => `${what} ${duration}`,
  },
  trustLess: '측정값이 모델이 학습한 범위에서 벗어났으므로 이 알림은 덜 신뢰하십시오',
  forecast: (severity, from, to) => `이 추세라면 ${from}~${to} 후 ${severity}`,
  drift: {
    moved: (name) => `${name} 값의 위치가 달라짐`,
    missing: (name) => `${name} 응답이 자주 없음`,
    stuck: (name) => `${name} 값이 멈춰 있음`,
  },
  score: '모델 점수',
  driftCheck: (findings) =>
    `무엇이 달라졌는지(${findings}): 옮겨졌거나 고장 난 센서, 다른 제품이나 속도. 계속될 변화라면 모델을 다시 학습시키십시오`,
  baseline: (low, high) => `평소 ${low}~${high}`,
  baselineUnknown: '평소 범위는 아직 알 수 없음',
  largestDeviations: (deviations) => `변화가 큰 센서: ${deviations}`,
  lookAt: (advice) => `점검 - ${advice}`,
  noticeId: (id) => `알림 ${id}`,
  labels: {
    cylinder: '실린더',
    gateway: '게이트웨이',
    site: '사업장',
    severity: '등급',
    when: '기간',
    noticedAt: '알림 시각',
    incident: '이상 건',
    notice: '알림 번호',
    why: '판단 근거',
    check: '점검할 곳',
    unknown: '알 수 없음',
  },
};
