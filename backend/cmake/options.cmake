# Compiler and linker settings that every target shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
set(AFTERRESUME_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
option(AFTERRESUME_COVERAGE "Instrument for coverage" OFF)

find_program(CCACHE ccache)
if(CCACHE)
    # Without these it keeps nothing that is made with a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wno-sign-conversion)
# The presets that are built from nothing most often compile several sources of a folder as one, which shares what each
# would parse and instantiate. There a local name may be one that a neighbour keeps to itself; `tools/lint` and the debug
# preset read each source alone.
if(CMAKE_UNITY_BUILD)
    add_compile_options(-Wno-shadow)
endif()
# What is precompiled has to be compiled alike, and to be the same whenever it is made.
add_compile_options(-pthread "SHELL:-Xclang -fno-pch-timestamp")
add_compile_definitions(
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
)
if(AFTERRESUME_SANITIZE)
    add_compile_options(-fsanitize=${AFTERRESUME_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${AFTERRESUME_SANITIZE})
else()
    add_compile_options(-fstack-protector-strong)
    add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2> _GLIBCXX_ASSERTIONS)
    add_link_options(-Wl,-z,relro,-z,now -pie)
endif()
if(AFTERRESUME_COVERAGE)
    add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
    add_link_options(-fprofile-instr-generate)
endif()
