// byte_marks.c - marks bytes of a text with the processor's wide registers, which Swift cannot name.
//
// The heads of many texts are found after Hyperscan's Teddy: a table look-up for each half of a byte says which buckets
// of texts may have that byte at their first, second and third place. What all six look-ups agree on is looked up once
// more by itself, since the halves of different texts in one bucket make heads that are nobody's.

#include "byte_marks.h"

#include <stdbool.h>
#include <string.h>

static inline bool has_slot(const uint8_t *slots, uint32_t slot) { return slots[slot >> 3] >> (slot & 7) & 1; }

static inline bool has_head(const uint8_t *slots, const uint8_t *bytes) {
    return has_slot(slots, byline_head_slot(bytes[0], bytes[1], bytes[2]));
}

// For each processor: the tables of the halves, and 64 bytes at a step
//   - `string_ends`, those at which a JSON string may end or be wrong;
//   - `may_begin`, those at which the halves say that a head may begin, of which two more bytes are looked at.

#if defined(__x86_64__)

#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))

static bool is_wide(void) { return __builtin_cpu_supports("avx2"); }

typedef struct {
    __m256i low[3], high[3];
} tables_t;

WIDE static inline __m256i table(const uint8_t *entries) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)entries));
}

WIDE static inline __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

WIDE static inline uint64_t bits(__m256i first, __m256i second) {
    return (uint32_t)_mm256_movemask_epi8(first) | (uint64_t)(uint32_t)_mm256_movemask_epi8(second) << 32;
}

WIDE static inline __m256i string_ends_of(__m256i bytes) {
    const __m256i last_control = _mm256_set1_epi8(0x1F);
    const __m256i quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
    const __m256i slashes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
    const __m256i controls = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, last_control), last_control);
    return _mm256_or_si256(_mm256_or_si256(quotes, slashes), controls);
}

WIDE static inline uint64_t string_ends(const uint8_t *bytes) {
    return bits(string_ends_of(load(bytes)), string_ends_of(load(bytes + 32)));
}

/// The buckets that may have these bytes at a place.
WIDE static inline __m256i buckets(const tables_t *tables, int place, __m256i bytes) {
    const __m256i half = _mm256_set1_epi8(0x0F);
    const __m256i low = _mm256_and_si256(bytes, half);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
    return _mm256_and_si256(
        _mm256_shuffle_epi8(tables->low[place], low), _mm256_shuffle_epi8(tables->high[place], high));
}

WIDE static inline __m256i no_bucket(const tables_t *tables, const uint8_t *bytes) {
    const __m256i first = buckets(tables, 0, load(bytes));
    const __m256i second = buckets(tables, 1, load(bytes + 1));
    const __m256i third = buckets(tables, 2, load(bytes + 2));
    return _mm256_cmpeq_epi8(_mm256_and_si256(_mm256_and_si256(first, second), third), _mm256_setzero_si256());
}

WIDE static inline uint64_t may_begin(const tables_t *tables, const uint8_t *bytes) {
    return ~bits(no_bucket(tables, bytes), no_bucket(tables, bytes + 32));
}

#elif defined(__aarch64__)

#include <arm_neon.h>

#define WIDE

static bool is_wide(void) { return true; }

typedef struct {
    uint8x16_t low[3], high[3];
} tables_t;

static inline uint8x16_t table(const uint8_t *entries) { return vld1q_u8(entries); }

static inline uint64_t bits(const uint8x16_t marks[4]) {
    const uint8x16_t bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t first = vpaddq_u8(vandq_u8(marks[0], bit), vandq_u8(marks[1], bit));
    const uint8x16_t second = vpaddq_u8(vandq_u8(marks[2], bit), vandq_u8(marks[3], bit));
    const uint8x16_t both = vpaddq_u8(first, second);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(both, both)), 0);
}

static inline uint64_t string_ends(const uint8_t *bytes) {
    uint8x16_t marks[4];
    for (int part = 0; part < 4; part++) {
        const uint8x16_t part_bytes = vld1q_u8(bytes + 16 * part);
        const uint8x16_t quotes = vceqq_u8(part_bytes, vdupq_n_u8('"'));
        const uint8x16_t slashes = vceqq_u8(part_bytes, vdupq_n_u8('\\'));
        marks[part] = vorrq_u8(vorrq_u8(quotes, slashes), vcltq_u8(part_bytes, vdupq_n_u8(0x20)));
    }
    return bits(marks);
}

/// The buckets that may have these bytes at a place.
static inline uint8x16_t buckets(const tables_t *tables, int place, uint8x16_t bytes) {
    return vandq_u8(
        vqtbl1q_u8(tables->low[place], vandq_u8(bytes, vdupq_n_u8(0x0F))),
        vqtbl1q_u8(tables->high[place], vshrq_n_u8(bytes, 4)));
}

static inline uint64_t may_begin(const tables_t *tables, const uint8_t *bytes) {
    uint8x16_t marks[4];
    for (int part = 0; part < 4; part++) {
        const uint8_t *next = bytes + 16 * part;
        const uint8x16_t first = buckets(tables, 0, vld1q_u8(next));
        const uint8x16_t second = buckets(tables, 1, vld1q_u8(next + 1));
        const uint8x16_t all = vandq_u8(vandq_u8(first, second), buckets(tables, 2, vld1q_u8(next + 2)));
        marks[part] = vtstq_u8(all, all);
    }
    return bits(marks);
}

#endif

#if defined(WIDE)

WIDE static void mark_string_ends_wide(const uint8_t *bytes, size_t count, uint64_t *marks) {
    size_t place = 0;
    for (; place + 64 <= count; place += 64) marks[place / 64] = string_ends(bytes + place);
    if (place == count) return;
    uint8_t rest[64];
    memset(rest, ' ', sizeof rest);
    memcpy(rest, bytes + place, count - place);
    marks[place / 64] = string_ends(rest);
}

/// The heads that begin in 64 bytes, behind which there are two more.
WIDE static inline uint64_t heads(const tables_t *tables, const uint8_t *slots, const uint8_t *bytes) {
    uint64_t found = 0;
    for (uint64_t left = may_begin(tables, bytes); left != 0; left &= left - 1) {
        if (has_head(slots, bytes + __builtin_ctzll(left))) found |= left & -left;
    }
    return found;
}

WIDE static void mark_heads_wide(
    const uint8_t *bytes, size_t count, const uint8_t *halves, const uint8_t *slots, uint64_t *marks) {
    tables_t tables;
    for (int place = 0; place < 3; place++) {
        tables.low[place] = table(halves + 32 * place);
        tables.high[place] = table(halves + 32 * place + 16);
    }
    size_t place = 0;
    for (; place + 64 + 2 <= count; place += 64) marks[place / 64] = heads(&tables, slots, bytes + place);
    // No more than 65 bytes are left, and no head begins in the last two.
    const size_t left = count - place;
    if (left == 0) return;
    uint8_t rest[64 + 2] = {0};
    memcpy(rest, bytes + place, left);
    const uint64_t whole = left > 2 ? (UINT64_C(1) << (left - 2)) - 1 : 0;
    marks[place / 64] = heads(&tables, slots, rest) & whole;
    if (left > 64) marks[place / 64 + 1] = 0;
}

#endif

void byline_mark_string_ends(const void *text, size_t count, uint64_t *marks) {
    const uint8_t *bytes = text;
#if defined(WIDE)
    if (is_wide()) return mark_string_ends_wide(bytes, count, marks);
#endif
    for (size_t place = 0; place < count; place++) {
        if (place % 64 == 0) marks[place / 64] = 0;
        const bool ends = bytes[place] == '"' || bytes[place] == '\\' || bytes[place] < 0x20;
        marks[place / 64] |= (uint64_t)ends << place % 64;
    }
}

void byline_mark_heads(
    const void *text, size_t count, const uint8_t *halves, const uint8_t *slots, uint64_t *marks) {
    const uint8_t *bytes = text;
    (void)halves;
#if defined(WIDE)
    if (is_wide()) return mark_heads_wide(bytes, count, halves, slots, marks);
#endif
    for (size_t place = 0; place < count; place++) {
        if (place % 64 == 0) marks[place / 64] = 0;
        if (place + 3 <= count) marks[place / 64] |= (uint64_t)has_head(slots, bytes + place) << place % 64;
    }
}
