#!/bin/bash

__byline_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__byline_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__byline_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__byline_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_byline() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __byline_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    login|logout|whoami|credential|setup|run|kubectl|annotate|shim|context|hook|sessions|exchanges|show|replay|doctor|completion|help)
        # Offer subcommand argument completions
        "_byline_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'login logout whoami credential setup run kubectl annotate shim context hook sessions exchanges show replay doctor completion help' -- "${cur}"))
        ;;
    esac
}

_byline_login() {
    repeating_flags=()
    non_repeating_flags=(--device --browser --version -h --help)
    repeating_options=()
    non_repeating_options=(--client-credentials --token-file --issuer --resource --redirect-port --storage --certificate-authority --issuer-certificate-authority --client-certificate --client-key)
    __byline_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--client-credentials')
        return
        ;;
    '--token-file')
        return
        ;;
    '--issuer')
        return
        ;;
    '--resource')
        return
        ;;
    '--redirect-port')
        return
        ;;
    '--storage')
        __byline_add_completions -W 'file'$'\n''keyring'$'\n''auto'
        return
        ;;
    '--certificate-authority')
        return
        ;;
    '--issuer-certificate-authority')
        return
        ;;
    '--client-certificate')
        return
        ;;
    '--client-key')
        return
        ;;
    esac
}

_byline_logout() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--gateway)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    esac
}

_byline_whoami() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--gateway --output -o)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    '--output'|'-o')
        __byline_add_completions -W 'table'$'\n''json'$'\n''yaml'
        return
        ;;
    esac
}

_byline_credential() {
    repeating_flags=()
    non_repeating_flags=(--send-prompt --version -h --help)
    repeating_options=()
    non_repeating_options=(--gateway --model --provider --prompt-id --prompt-file --conversation --agent --tool-call)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    '--model')
        return
        ;;
    '--provider')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--prompt-file')
        return
        ;;
    '--conversation')
        return
        ;;
    '--agent')
        return
        ;;
    '--tool-call')
        return
        ;;
    esac
}

_byline_setup() {
    repeating_flags=()
    non_repeating_flags=(--print --remove --version -h --help)
    repeating_options=(--cluster)
    non_repeating_options=(--gateway --kubeconfig --token-file --client-credentials --certificate-authority --issuer-certificate-authority --client-certificate --client-key)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    '--cluster')
        return
        ;;
    '--kubeconfig')
        return
        ;;
    '--token-file')
        return
        ;;
    '--client-credentials')
        return
        ;;
    '--certificate-authority')
        return
        ;;
    '--issuer-certificate-authority')
        return
        ;;
    '--client-certificate')
        return
        ;;
    '--client-key')
        return
        ;;
    esac
}

_byline_run() {
    repeating_flags=()
    non_repeating_flags=(--send-prompt --version -h --help)
    repeating_options=()
    non_repeating_options=(--gateway --cluster --model --provider --prompt-id --prompt-file --conversation --agent --tool-call)
    __byline_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    '--cluster')
        __byline_add_completions -W "$(__byline_custom_complete ---completion run -- --cluster "${COMP_CWORD}" "$(__byline_cursor_index_in_current_word)")"
        return
        ;;
    '--model')
        return
        ;;
    '--provider')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--prompt-file')
        return
        ;;
    '--conversation')
        return
        ;;
    '--agent')
        return
        ;;
    '--tool-call')
        return
        ;;
    esac
}

_byline_kubectl() {
    repeating_flags=()
    non_repeating_flags=(--send-prompt --version -h --help)
    repeating_options=()
    non_repeating_options=(--gateway --cluster --model --provider --prompt-id --prompt-file --conversation --agent --tool-call --annotate --annotation-prefix)
    __byline_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    '--cluster')
        __byline_add_completions -W "$(__byline_custom_complete ---completion kubectl -- --cluster "${COMP_CWORD}" "$(__byline_cursor_index_in_current_word)")"
        return
        ;;
    '--model')
        return
        ;;
    '--provider')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--prompt-file')
        return
        ;;
    '--conversation')
        return
        ;;
    '--agent')
        return
        ;;
    '--tool-call')
        return
        ;;
    '--annotate')
        return
        ;;
    '--annotation-prefix')
        return
        ;;
    esac
}

_byline_annotate() {
    repeating_flags=()
    non_repeating_flags=(-R --recursive --check --version -h --help)
    repeating_options=(-f --filename)
    non_repeating_options=(-o --output --model --provider --prompt-id --prompt-file --conversation --agent --tool-call --annotation-prefix)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-f'|'--filename')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--model')
        return
        ;;
    '--provider')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--prompt-file')
        return
        ;;
    '--conversation')
        return
        ;;
    '--agent')
        return
        ;;
    '--tool-call')
        return
        ;;
    '--annotation-prefix')
        return
        ;;
    esac
}

_byline_shim() {
    repeating_flags=()
    non_repeating_flags=(--send-prompt --version -h --help)
    repeating_options=()
    non_repeating_options=(--gateway --cluster --kubeconfig --port --model --provider --prompt-id --prompt-file --conversation --agent --tool-call)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    '--cluster')
        __byline_add_completions -W "$(__byline_custom_complete ---completion shim -- --cluster "${COMP_CWORD}" "$(__byline_cursor_index_in_current_word)")"
        return
        ;;
    '--kubeconfig')
        return
        ;;
    '--port')
        return
        ;;
    '--model')
        return
        ;;
    '--provider')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--prompt-file')
        return
        ;;
    '--conversation')
        return
        ;;
    '--agent')
        return
        ;;
    '--tool-call')
        return
        ;;
    esac
}

_byline_context() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    show|set|clear)
        # Offer subcommand argument completions
        "_byline_context_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'show set clear' -- "${cur}"))
        ;;
    esac
}

_byline_context_show() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--model --provider --prompt-id --prompt-file --conversation --agent --tool-call --output -o)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--model')
        return
        ;;
    '--provider')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--prompt-file')
        return
        ;;
    '--conversation')
        return
        ;;
    '--agent')
        return
        ;;
    '--tool-call')
        return
        ;;
    '--output'|'-o')
        __byline_add_completions -W 'table'$'\n''json'$'\n''yaml'
        return
        ;;
    esac
}

_byline_context_set() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--model --provider --prompt-id --prompt-file --conversation --agent --tool-call)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--model')
        return
        ;;
    '--provider')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--prompt-file')
        return
        ;;
    '--conversation')
        return
        ;;
    '--agent')
        return
        ;;
    '--tool-call')
        return
        ;;
    esac
}

_byline_context_clear() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options -1
}

_byline_hook() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    report|install)
        # Offer subcommand argument completions
        "_byline_hook_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'report install' -- "${cur}"))
        ;;
    esac
}

_byline_hook_report() {
    repeating_flags=()
    non_repeating_flags=(--send-prompt --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __byline_add_completions -W 'claude-code'$'\n''codex'$'\n''gemini'$'\n''cursor'
        return
        ;;
    esac
}

_byline_hook_install() {
    repeating_flags=()
    non_repeating_flags=(--print --remove --send-prompt --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __byline_add_completions -W 'claude-code'$'\n''codex'$'\n''gemini'$'\n''cursor'
        return
        ;;
    esac
}

_byline_sessions() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--identity --model --agent --prompt-id --cluster --since --until --limit --gateway --output -o)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--identity')
        return
        ;;
    '--model')
        return
        ;;
    '--agent')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--cluster')
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--limit')
        return
        ;;
    '--gateway')
        return
        ;;
    '--output'|'-o')
        __byline_add_completions -W 'table'$'\n''json'$'\n''yaml'
        return
        ;;
    esac
}

_byline_exchanges() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--identity --model --agent --prompt-id --cluster --since --until --limit --session --verb --resource --namespace -n --name --outcome --decision --text --gateway --output -o)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--identity')
        return
        ;;
    '--model')
        return
        ;;
    '--agent')
        return
        ;;
    '--prompt-id')
        return
        ;;
    '--cluster')
        return
        ;;
    '--since')
        return
        ;;
    '--until')
        return
        ;;
    '--limit')
        return
        ;;
    '--session')
        return
        ;;
    '--verb')
        return
        ;;
    '--resource')
        return
        ;;
    '--namespace'|'-n')
        return
        ;;
    '--name')
        return
        ;;
    '--outcome')
        return
        ;;
    '--decision')
        return
        ;;
    '--text')
        return
        ;;
    '--gateway')
        return
        ;;
    '--output'|'-o')
        __byline_add_completions -W 'table'$'\n''json'$'\n''yaml'
        return
        ;;
    esac
}

_byline_show() {
    repeating_flags=()
    non_repeating_flags=(--request --response --unseal --version -h --help)
    repeating_options=()
    non_repeating_options=(--channel --identity --gateway --output -o)
    __byline_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--channel')
        return
        ;;
    '--identity')
        return
        ;;
    '--gateway')
        return
        ;;
    '--output'|'-o')
        __byline_add_completions -W 'table'$'\n''json'$'\n''yaml'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __byline_add_completions -W "$(__byline_custom_complete ---completion show -- positional@0 "${COMP_CWORD}" "$(__byline_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_byline_replay() {
    repeating_flags=()
    non_repeating_flags=(--bodies --all --version -h --help)
    repeating_options=()
    non_repeating_options=(--gateway --output -o)
    __byline_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    '--output'|'-o')
        __byline_add_completions -W 'table'$'\n''json'$'\n''yaml'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __byline_add_completions -W "$(__byline_custom_complete ---completion replay -- positional@0 "${COMP_CWORD}" "$(__byline_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_byline_doctor() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --forget-hook-faults --version -h --help)
    repeating_options=()
    non_repeating_options=(--gateway --output -o)
    __byline_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--gateway')
        return
        ;;
    '--output'|'-o')
        __byline_add_completions -W 'table'$'\n''json'$'\n''yaml'
        return
        ;;
    esac
}

_byline_completion() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    bash|zsh|fish|install)
        # Offer subcommand argument completions
        "_byline_completion_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'bash zsh fish install' -- "${cur}"))
        ;;
    esac
}

_byline_completion_bash() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 0
}

_byline_completion_zsh() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 0
}

_byline_completion_fish() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 0
}

_byline_completion_install() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options 1
}

_byline_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __byline_offer_flags_options -1
}

complete -o filenames -F _byline byline
