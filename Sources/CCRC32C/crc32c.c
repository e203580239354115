// crc32c.c - CRC-32C (Castagnoli) with the processor's own instruction, which Swift cannot name.
//
// The instruction takes eight bytes in one cycle but answers after three. So long input is cut into three lanes that are
// computed at once; a lane's checksum is moved behind the bytes of the lanes after it by a carry-less multiplication
// with x^(8n-33) mod P, bit-reflected, for n bytes: the product's lowest bit stands for x^63, which gives one power of
// x, and taking it through the instruction gives 32 more.

#include "crc32c.h"

#include <string.h>

#if defined(__x86_64__)

#include <nmmintrin.h>
#include <wmmintrin.h>

bool byline_crc32c_is_available(void) {
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
}

#define ACCELERATED __attribute__((target("sse4.2,pclmul")))

ACCELERATED static inline uint64_t eight(uint64_t state, const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return _mm_crc32_u64(state, word);
}

ACCELERATED static inline uint64_t moved(uint64_t state, uint32_t factor) {
    const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)state), _mm_cvtsi32_si128((int32_t)factor), 0);
    return _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(product));
}

/// Three lanes of `lane` bytes; the factors move a state by one lane and by two.
ACCELERATED static inline uint64_t lanes(
    uint64_t state, const uint8_t *bytes, size_t lane, uint32_t one_lane, uint32_t two_lanes) {
    uint64_t second = 0, third = 0;
    for (size_t offset = 0; offset < lane; offset += 8) {
        state = eight(state, bytes + offset);
        second = eight(second, bytes + lane + offset);
        third = eight(third, bytes + 2 * lane + offset);
    }
    return moved(state, two_lanes) ^ moved(second, one_lane) ^ third;
}

ACCELERATED uint32_t byline_crc32c(uint32_t state, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint64_t crc = state;
    for (; count >= 3 * 1024; count -= 3 * 1024, next += 3 * 1024) {
        crc = lanes(crc, next, 1024, 0x170076FA, 0xA51B6135);
    }
    for (; count >= 3 * 128; count -= 3 * 128, next += 3 * 128) {
        crc = lanes(crc, next, 128, 0x0D3B6092, 0xB9E02B86);
    }
    for (; count >= 8; count -= 8, next += 8) crc = eight(crc, next);
    for (; count > 0; count--, next++) crc = _mm_crc32_u8((uint32_t)crc, *next);
    return (uint32_t)crc;
}

#elif defined(__aarch64__)

#include <arm_acle.h>

#if defined(__APPLE__)
bool byline_crc32c_is_available(void) { return true; }
#else
#include <sys/auxv.h>

/// `HWCAP_CRC32` of Linux's <asm/hwcap.h>.
bool byline_crc32c_is_available(void) { return (getauxval(AT_HWCAP) & (1UL << 7)) != 0; }
#endif

__attribute__((target("crc"))) uint32_t byline_crc32c(uint32_t state, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, sizeof word);
        state = __crc32cd(state, word);
    }
    for (; count > 0; count--, next++) state = __crc32cb(state, *next);
    return state;
}

#else

bool byline_crc32c_is_available(void) { return false; }

// Never called: a processor without the instruction uses the tables in Swift.
uint32_t byline_crc32c(uint32_t state, const void *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return state;
}

#endif
