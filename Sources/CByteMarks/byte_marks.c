// byte_marks.c - marks bytes of a text with the processor's wide registers, which Swift cannot name.
//
// The heads of many texts are found after Hyperscan's Teddy: a table look-up for each half of a byte says which buckets
// of texts may have that byte at their first, second and third place. What all six look-ups agree on is looked up once
// more by itself, since the halves of different texts in one bucket make heads that are nobody's.

#include "byte_marks.h"

#include <stdbool.h>
#include <string.h>

static inline bool ends_string(uint8_t byte) { return byte == '"' || byte == '\\' || byte < 0x20; }

static inline bool has_slot(const uint8_t *slots, uint32_t slot) { return slots[slot >> 3] >> (slot & 7) & 1; }

static void mark_string_ends(const uint8_t *bytes, size_t count, uint64_t *marks) {
    for (size_t place = 0; place < count; place++) {
        if (place % 64 == 0) marks[place / 64] = 0;
        marks[place / 64] |= (uint64_t)ends_string(bytes[place]) << place % 64;
    }
}

static void mark_heads(const uint8_t *bytes, size_t count, const uint8_t *slots, uint64_t *marks) {
    for (size_t place = 0; place < count; place++) {
        if (place % 64 == 0) marks[place / 64] = 0;
        if (place + 3 > count) continue;
        const uint32_t slot = byline_head_slot(bytes[place], bytes[place + 1], bytes[place + 2]);
        marks[place / 64] |= (uint64_t)has_slot(slots, slot) << place % 64;
    }
}

#if defined(__x86_64__)

#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))

WIDE static inline __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

WIDE static inline uint64_t marked(__m256i first, __m256i second) {
    return (uint32_t)_mm256_movemask_epi8(first) | (uint64_t)(uint32_t)_mm256_movemask_epi8(second) << 32;
}

WIDE static inline __m256i string_ends(__m256i bytes) {
    const __m256i last_control = _mm256_set1_epi8(0x1F);
    const __m256i quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
    const __m256i slashes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
    const __m256i controls = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, last_control), last_control);
    return _mm256_or_si256(_mm256_or_si256(quotes, slashes), controls);
}

WIDE static void mark_string_ends_wide(const uint8_t *bytes, size_t count, uint64_t *marks) {
    size_t place = 0;
    for (; place + 64 <= count; place += 64) {
        marks[place / 64] = marked(string_ends(load(bytes + place)), string_ends(load(bytes + place + 32)));
    }
    if (place == count) return;
    uint8_t rest[64];
    memset(rest, ' ', sizeof rest);
    memcpy(rest, bytes + place, count - place);
    marks[place / 64] = marked(string_ends(load(rest)), string_ends(load(rest + 32)));
}

typedef struct {
    __m256i low, high;
} halves_t;

WIDE static inline halves_t tables(const uint8_t *halves) {
    return (halves_t){
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)halves)),
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(halves + 16))),
    };
}

/// The buckets that may have these bytes at the tables' place.
WIDE static inline __m256i buckets(halves_t tables, __m256i bytes) {
    const __m256i half = _mm256_set1_epi8(0x0F);
    const __m256i low = _mm256_and_si256(bytes, half);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
    return _mm256_and_si256(_mm256_shuffle_epi8(tables.low, low), _mm256_shuffle_epi8(tables.high, high));
}

/// All ones for the bytes at which no head can begin.
WIDE static inline __m256i headless(const halves_t tables[3], const uint8_t *bytes) {
    const __m256i first = buckets(tables[0], load(bytes));
    const __m256i second = buckets(tables[1], load(bytes + 1));
    const __m256i third = buckets(tables[2], load(bytes + 2));
    return _mm256_cmpeq_epi8(_mm256_and_si256(_mm256_and_si256(first, second), third), _mm256_setzero_si256());
}

/// The heads that begin in 64 bytes, behind which there are two more.
WIDE static inline uint64_t heads(const halves_t tables[3], const uint8_t *slots, const uint8_t *bytes) {
    uint64_t left = ~marked(headless(tables, bytes), headless(tables, bytes + 32));
    uint64_t found = 0;
    for (; left != 0; left &= left - 1) {
        const uint8_t *head = bytes + __builtin_ctzll(left);
        if (has_slot(slots, byline_head_slot(head[0], head[1], head[2]))) found |= left & -left;
    }
    return found;
}

WIDE static void mark_heads_wide(
    const uint8_t *bytes, size_t count, const uint8_t *halves, const uint8_t *slots, uint64_t *marks) {
    const halves_t places[3] = {tables(halves), tables(halves + 32), tables(halves + 64)};
    size_t place = 0;
    for (; place + 64 + 2 <= count; place += 64) marks[place / 64] = heads(places, slots, bytes + place);
    // No more than 65 bytes are left, and no head begins in the last two.
    const size_t left = count - place;
    if (left == 0) return;
    uint8_t rest[64 + 2] = {0};
    memcpy(rest, bytes + place, left);
    const uint64_t may_begin = left > 2 ? (UINT64_C(1) << (left - 2)) - 1 : 0;
    marks[place / 64] = heads(places, slots, rest) & may_begin;
    if (left > 64) marks[place / 64 + 1] = 0;
}

void byline_mark_string_ends(const void *bytes, size_t count, uint64_t *marks) {
    if (__builtin_cpu_supports("avx2")) return mark_string_ends_wide(bytes, count, marks);
    mark_string_ends(bytes, count, marks);
}

void byline_mark_heads(
    const void *bytes, size_t count, const uint8_t *halves, const uint8_t *slots, uint64_t *marks) {
    if (__builtin_cpu_supports("avx2")) return mark_heads_wide(bytes, count, halves, slots, marks);
    mark_heads(bytes, count, slots, marks);
}

#else

void byline_mark_string_ends(const void *bytes, size_t count, uint64_t *marks) {
    mark_string_ends(bytes, count, marks);
}

void byline_mark_heads(
    const void *bytes, size_t count, const uint8_t *halves, const uint8_t *slots, uint64_t *marks) {
    (void)halves;
    mark_heads(bytes, count, slots, marks);
}

#endif
