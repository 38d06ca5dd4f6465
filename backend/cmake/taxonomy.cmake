# embed_taxonomy(target): compiles the files of data/taxonomy into the target as string literals.
function(embed_taxonomy target)
    set(data ${CMAKE_CURRENT_SOURCE_DIR}/data/taxonomy)
    file(GLOB documents CONFIGURE_DEPENDS ${data}/*.yaml)
    list(JOIN documents "|" joined)
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/generated/taxonomy_embedded.cpp)
    add_custom_command(
        OUTPUT ${generated}
        COMMAND ${CMAKE_COMMAND} "-DDOCUMENTS=${joined}" -DWEIGHTS=${data}/span_weights.tsv -DOUTPUT=${generated}
                -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed_taxonomy_script.cmake
        DEPENDS ${documents} ${data}/span_weights.tsv ${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed_taxonomy_script.cmake
        VERBATIM
    )
    set_source_files_properties(${generated} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
    target_sources(${target} PRIVATE ${generated})
endfunction()
